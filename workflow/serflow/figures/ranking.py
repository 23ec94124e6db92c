"""All models by their UAR, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow import numbers
from serflow.figures.colours import MUTED, palette
from serflow.figures.rows import draw_row, row_chart
from serflow.figures.style import themed


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
    ranked = sorted(models, key=lambda row: (-numbers.value(row["uar"]), row["model"]))
    colours = colours or palette(row["model"] for row in ranked)
    figure, axes = row_chart([row["model"] for row in ranked])
    reach = [] if chance is None else [chance]
    for place, row in enumerate(ranked):
        score, low, high = (numbers.value(row[key]) for key in ("uar", "uar_low", "uar_high"))
        told = f"{numbers.score(score)}  {numbers.interval(low, high)}".rstrip()
        draw_row(axes, place, score, (low, high), told, colours[row["model"]])
        reach += [end for end in (score, low, high) if not math.isnan(end)]
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
    axes.set_xlabel("unweighted average recall (UAR) with its interval")
    return figure
