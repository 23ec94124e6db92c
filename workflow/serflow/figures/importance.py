"""What support vector machines lose when a part of their features is dealt anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from serflow.figures.colours import MUTED
from serflow.figures.style import WIDTH, shortened, themed

MOST = 6
"""Machines that are drawn, those with the highest UAR; all stand in the table."""
ACROSS = 2

Row = Mapping[str, str]


@themed
def plot(rows: Sequence[Row], *, colours: Mapping[str, str]) -> Figure:
    """Draw a panel for each machine: its parts from top to bottom, the loss of UAR to the right.

    Parameters
    ----------
    rows
        Of ``evaluation/importance.tsv``.
    colours
        Colour by model.
    """
    by_model: dict[str, list[Row]] = {}
    for row in rows:
        by_model.setdefault(row["model"], []).append(row)
    models = drawn(rows)
    if not models:
        figure = Figure(figsize=(WIDTH, 0.6))
        figure.text(0.5, 0.5, "no SVM has the same features in all folds", ha="center", color=MUTED)
        return figure
    lines = [models[start : start + ACROSS] for start in range(0, len(models), ACROSS)]
    heights = [max(len(by_model[model]) for model in line) + 3 for line in lines]
    figure = Figure(figsize=(WIDTH, 0.17 * sum(heights) + 0.2), layout="constrained")
    across = min(ACROSS, len(models))
    grid = figure.subplots(len(lines), across, squeeze=False, height_ratios=heights)
    for line, panels in zip(lines, grid, strict=True):
        for place, axes in enumerate(panels):
            if place < len(line):
                _panel(axes, line[place], by_model[line[place]], colours[line[place]])
            else:
                axes.set_axis_off()
    return figure


def drawn(rows: Sequence[Row]) -> list[str]:
    """Return the models that are drawn, the highest UAR first."""
    uar = {row["model"]: float(row["uar"]) for row in rows}
    return sorted(uar, key=lambda model: (-uar[model], model))[:MOST]


def _panel(axes: Axes, model: str, rows: Sequence[Row], colour: str) -> None:
    places = np.arange(len(rows))
    drop = [float(row["drop"]) for row in rows]
    for place, row in zip(places.tolist(), rows, strict=True):
        axes.plot(
            (float(row["low"]), float(row["high"])), (place, place), color=colour, lw=1.6, alpha=0.7
        )
    axes.plot(drop, places, "o", ms=4, color=colour, markeredgecolor="white", markeredgewidth=0.5)
    axes.axvline(0, color=MUTED, lw=0.8)
    axes.set_yticks(places, [shortened(row["part"], 34) for row in rows], fontsize=6.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_title(f"{shortened(model, 26)} (UAR {float(rows[0]['uar']):.3f})", fontsize=8)
    axes.set_xlabel("loss of UAR without it", fontsize=7)
