"""All models by their UAR, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow import numbers
from serflow.evaluation.baseline_names import CHANCE, FAMILY
from serflow.figures.colours import MUTED, palette
from serflow.figures.rows import draw_row, line_of_chance, row_chart
from serflow.figures.style import themed


@themed
def plot(
    models: Sequence[Mapping[str, str]], *, colours: Mapping[str, str] | None = None
) -> Figure:
    """Draw one row per model, the best at the top, and below them, in grey, the baselines.

    Parameters
    ----------
    models
        Rows of ``evaluation/models.tsv``: ``model``, ``family``, ``uar``, ``uar_low``,
        ``uar_high``. An empty limit draws no interval. Through the UAR of a guess a line is drawn.
    colours
        Colour by model; `palette` of the models given where it is left out.
    """
    trained = [row for row in models if row["family"] != FAMILY]
    ranked = sorted(trained, key=lambda row: (-numbers.value(row["uar"]), row["model"]))
    baselines = [row for row in models if row["family"] == FAMILY]
    colours = colours or palette(row["model"] for row in ranked)
    shown = [*ranked, *baselines]
    figure, axes = row_chart([row["model"] for row in shown])
    reach = []
    for place, row in enumerate(shown):
        score, low, high = (numbers.value(row[key]) for key in ("uar", "uar_low", "uar_high"))
        # The same score whoever is drawn has no interval worth telling.
        interval = numbers.interval(low, high) if high > low else ""
        told = f"{numbers.score(score)}  {interval}".rstrip()
        colour = colours[row["model"]] if place < len(ranked) else MUTED
        draw_row(axes, place, score, (low, high), told, colour, filled=place < len(ranked))
        reach += [end for end in (score, low, high) if not math.isnan(end)]
    for label in axes.get_yticklabels()[len(ranked) :]:
        label.set(color=MUTED, style="italic")
    if ranked and baselines:
        axes.axhline(len(ranked) - 0.5, color=MUTED, lw=0.6)
    for row in baselines:
        if row["model"] == CHANCE:
            line_of_chance(axes, numbers.value(row["uar"]))
    if reach:
        axes.set_xlim(max(0.0, min(reach) - 0.05), min(1.005, max(reach) + 0.04))
    axes.set_xlabel("unweighted average recall (UAR) with its interval")
    return figure
