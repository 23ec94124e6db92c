"""Estimated against true numbers, a dot a clip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from serflow.figures.colours import MUTED, PALETTE
from serflow.figures.style import themed

SIDE = 3.4
"""Width and height in inches."""
MARGIN = 0.04
MANY = 2000
"""From so many dots on, they are one picture inside the figure, not a shape each."""


@themed
def plot(
    truth: Sequence[float] | npt.NDArray[np.float64],
    estimates: Sequence[float] | npt.NDArray[np.float64],
    *,
    target: str,
    colour: str = PALETTE[0],
) -> Figure:
    """Draw one model's estimates over the truth, with the line on which both are equal.

    Parameters
    ----------
    truth, estimates
        Of each tested clip, both in the column's unit; estimates are means over seeds.
    target
        The column that is estimated.
    colour
        The model's colour.
    """
    figure = Figure(figsize=(SIDE, SIDE), layout="constrained")
    axes = figure.subplots()
    both = np.concatenate([truth, estimates])
    low, high = float(both.min()), float(both.max())
    edge = MARGIN * (high - low)
    ends = (low - edge, high + edge)
    axes.plot(ends, ends, color=MUTED, lw=0.9, ls=(0, (4, 2)), label="estimate = truth", zorder=1)
    axes.plot(
        truth,
        estimates,
        "o",
        ms=4,
        color=colour,
        alpha=max(0.15, min(0.7, 30 / len(truth) ** 0.5 / 4)),
        markeredgewidth=0,
        rasterized=len(truth) > MANY,
        zorder=2,
    )
    axes.set(xlim=ends, ylim=ends, aspect="equal")
    axes.set(xlabel=f"true {target}", ylabel=f"estimated {target}")
    axes.grid()
    axes.legend(loc="upper left")
    return figure
