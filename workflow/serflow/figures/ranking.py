"""All models by their UAR, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow.figures.colours import MUTED, palette
from serflow.figures.effects import number
from serflow.figures.style import WIDTH, name_rows, themed


@themed
def plot(
    models: Sequence[Mapping[str, str]],
    *,
    chance: float | None = None,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """Draw one row per model, the best at the top.

    Parameters
    ----------
    models
        Rows of ``evaluation/models.tsv``: ``model``, ``uar``, ``uar_low``, ``uar_high``. An empty
        limit draws no interval.
    chance
        UAR of a guess (1 / number of classes), drawn as a line.
    colours
        Colour by model; `palette` of the models given where it is left out.
    """
    ranked = sorted(models, key=lambda row: (-number(row["uar"]), row["model"]))
    colours = colours or palette(row["model"] for row in ranked)
    figure = Figure(figsize=(WIDTH, 0.75 + 0.27 * max(len(ranked), 2)), layout="constrained")
    axes = figure.subplots()
    reach = [] if chance is None else [chance]
    for place, row in enumerate(ranked):
        score, low, high = (number(row[key]) for key in ("uar", "uar_low", "uar_high"))
        told = f"{score:.3f}"
        if not (math.isnan(low) or math.isnan(high)):
            axes.plot(
                [low, high],
                [place, place],
                color=colours[row["model"]],
                lw=2.2,
                solid_capstyle="round",
            )
            told += f"  [{low:.3f}, {high:.3f}]"
        axes.plot(
            score,
            place,
            "o",
            ms=7,
            color=colours[row["model"]],
            markeredgecolor="white",
            markeredgewidth=1,
        )
        axes.text(
            1.02, place, told, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5
        )
        reach += [value for value in (score, low, high) if not math.isnan(value)]
    if chance is not None:
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
    if reach:
        axes.set_xlim(max(0.0, min(reach) - 0.05), min(1.005, max(reach) + 0.04))
    name_rows(axes, [row["model"] for row in ranked])
    axes.grid(axis="x")
    axes.set_xlabel("unweighted average recall (UAR), with its interval over speakers")
    return figure
