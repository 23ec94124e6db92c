"""What each augmentation changed: difference in UAR from the same network without any."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow import numbers
from serflow.figures.colours import MUTED, PALETTE
from serflow.figures.effects import effects
from serflow.figures.rows import draw_row, row_chart
from serflow.figures.style import themed


@themed
def plot(
    comparisons: Sequence[Mapping[str, str]],
    *,
    base: str,
    variants: Mapping[str, str],
    confidence: float = 0.95,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """Draw one row per variant, the most helpful at the top.

    Parameters
    ----------
    comparisons
        Rows of ``evaluation/comparisons.tsv``; those that pair `base` with a variant are used.
    base
        The model without augmentation.
    variants
        What to write for each variant (its augmentation), by the model's name.
    confidence
        Level of the intervals; it decides which dots are filled (`serflow.evaluation.claims`).
    colours
        Colour by model.
    """
    colours = colours or {}
    found = effects(comparisons, base, list(variants), confidence)
    figure, axes = row_chart([variants[effect.model] for effect in found])
    axes.axvline(0, color=MUTED, lw=1)
    for place, effect in enumerate(found):
        limits = effect.low, effect.high
        told = f"{numbers.difference(effect.difference)}  {numbers.interval(*limits, signed=True)}"
        colour = colours.get(effect.model, PALETTE[0])
        draw_row(axes, place, effect.difference, limits, told.rstrip(), colour, filled=effect.sure)
    ends = [abs(end) for effect in found for end in effect[1:4] if not math.isnan(end)]
    reach = 1.1 * max(ends, default=0.1) + 0.005
    axes.set_xlim(-reach, reach)
    axes.set_xlabel("difference in UAR from no augmentation (left: worse, right: better)")
    return figure
