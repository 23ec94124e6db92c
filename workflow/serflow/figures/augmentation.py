"""What each augmentation changed: difference in UAR from the same network without any."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow.figures.colours import MUTED, PALETTE
from serflow.figures.effects import effects
from serflow.figures.style import WIDTH, name_rows, themed


@themed
def plot(
    comparisons: Sequence[Mapping[str, str]],
    *,
    base: str,
    variants: Mapping[str, str],
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
    colours
        Colour by model.
    """
    colours = colours or {}
    found = effects(comparisons, base, list(variants))
    figure = Figure(figsize=(WIDTH, 0.85 + 0.28 * max(len(found), 2)), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color=MUTED, lw=1)
    for place, effect in enumerate(found):
        colour = colours.get(effect.model, PALETTE[0])
        told = f"{effect.difference:+.3f}"
        if not (math.isnan(effect.low) or math.isnan(effect.high)):
            axes.plot(
                [effect.low, effect.high], [place] * 2, color=colour, lw=2.2, solid_capstyle="round"
            )
            told += f"  [{effect.low:+.3f}, {effect.high:+.3f}]"
        axes.plot(
            effect.difference,
            place,
            "o",
            ms=6.5,
            markeredgecolor=colour,
            markeredgewidth=1.6,
            color=colour if effect.sure else "white",
        )
        axes.text(
            1.02,
            place,
            told.replace("-", "−"),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=7.5,
        )
    name_rows(axes, [variants[effect.model] for effect in found])
    limits = [abs(value) for effect in found for value in effect[1:4] if not math.isnan(value)]
    reach = 1.1 * max(limits, default=0.1) + 0.005
    axes.set_xlim(-reach, reach)
    axes.grid(axis="x")
    axes.set_xlabel("difference in UAR from no augmentation (left: worse, right: better)")
    return figure
