"""Reliability diagrams: how often predictions of a confidence are right, a panel per model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from serflow.figures.colours import MUTED, palette
from serflow.figures.style import WIDTH, shortened, themed
from serflow.numbers import score, value

PER_ROW = 5
LARGEST = 130.0
"""Area of the dot of a bin that holds all of a model's predictions, in square points."""

Rows = Sequence[Mapping[str, str]]


@themed
def plot(
    bins: Rows, errors: Mapping[str, str], *, colours: Mapping[str, str] | None = None
) -> Figure:
    """Draw accuracy against confidence, a dot per bin, as large as the bin has predictions.

    Parameters
    ----------
    bins
        Rows of ``evaluation/calibration.tsv``: ``model``, ``predictions``, ``confidence``,
        ``accuracy``.
    errors
        Expected calibration error by model, in the order of the panels.
    colours
        Colour by model; `palette` of the models given where it is left out.
    """
    colours = colours or palette(errors)
    across = min(PER_ROW, len(errors))
    down = -(-len(errors) // across)
    # Few panels are drawn larger, but not as wide as the page each.
    side = min(WIDTH / across, 2.4) if down == 1 else WIDTH / across
    figure = Figure(figsize=(side * across, 0.35 + (side + 0.22) * down), layout="constrained")
    grid = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    for place, axes in enumerate(grid.flat):
        if place >= len(errors):
            axes.set_axis_off()
            continue
        model = list(errors)[place]
        axes.set_title(
            f"{shortened(model, 22)}\nECE {score(errors[model])}", fontsize=7, linespacing=1.15
        )
        _draw(axes, [row for row in bins if row["model"] == model], colours[model])
        # With axes shared, a panel above an empty place would have no numbers below it.
        axes.tick_params(labelbottom=place + across >= len(errors), labelsize=6.5)
    figure.supxlabel("confidence: probability of the predicted label", fontsize=8)
    figure.supylabel("accuracy", fontsize=8)
    return figure


def _draw(axes: Axes, rows: Rows, colour: str) -> None:
    confidence = np.array([value(row["confidence"]) for row in rows])
    accuracy = np.array([value(row["accuracy"]) for row in rows])
    predictions = np.array([value(row["predictions"]) for row in rows])
    axes.plot([0, 1], [0, 1], color=MUTED, lw=0.8, ls=(0, (4, 3)), zorder=1)
    axes.plot(confidence, accuracy, color=colour, lw=0.8, alpha=0.6, zorder=2)
    share = predictions / predictions.sum()
    axes.scatter(
        confidence, accuracy, s=3 + LARGEST * share, color=colour, lw=0, zorder=3, clip_on=False
    )
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_box_aspect(1)
    axes.grid()
