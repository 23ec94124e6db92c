"""Charts that have one row per model: a dot with its interval, told in numbers on the right."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from serflow.figures.colours import MUTED
from serflow.figures.style import WIDTH, shortened

LONGEST = 32


def row_chart(names: Sequence[str]) -> tuple[Figure, Axes]:
    """Return a chart with a row for each name, the first at the top."""
    figure = _row_figure(names)
    axes = figure.subplots()
    _name_rows(axes, names)
    return figure, axes


def row_chart_beside(names: Sequence[str], share: float) -> tuple[Figure, Axes, Axes]:
    """Return a chart as `row_chart` does, and beside it one with the same rows.

    `share` is the width of the second, compared with the first; it has no axis of its own.
    """
    figure = _row_figure(names)
    axes, beside = figure.subplots(1, 2, sharey=True, width_ratios=[1, share])
    _name_rows(axes, names)
    beside.set_axis_off()
    return figure, axes, beside


def _row_figure(names: Sequence[str]) -> Figure:
    return Figure(figsize=(WIDTH, 0.8 + 0.27 * max(len(names), 2)), layout="constrained")


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), [shortened(name, LONGEST) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")


def draw_row(
    axes: Axes,
    place: int,
    score: float,
    limits: tuple[float, float],
    told: str,
    colour: str,
    filled: bool = True,
) -> None:
    """Draw a dot at `score`, a bar between `limits` (NaN: none), and `told` on the right."""
    if not any(map(math.isnan, limits)):
        axes.plot(limits, (place, place), color=colour, lw=2.2, solid_capstyle="round")
    axes.plot(
        score,
        place,
        "o",
        ms=7,
        color=colour if filled else "white",
        # White around a filled dot sets it off from its own bar.
        markeredgecolor="white" if filled else colour,
        markeredgewidth=1 if filled else 1.8,
    )
    axes.text(1.02, place, told, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)


def line_of_chance(axes: Axes, chance: float) -> None:
    """Draw what a guess reaches across all rows, with its number above."""
    axes.axvline(chance, color=MUTED, lw=1, ls=(0, (4, 3)), zorder=0)
    axes.annotate(
        f"chance {chance:.3g}",
        (chance, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7,
        color=MUTED,
    )
