"""Mean ranks of all models over speakers; bars join those that no test tells apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow.evaluation.groups import not_told_apart
from serflow.figures.colours import MUTED, palette
from serflow.figures.rows import row_chart_beside
from serflow.figures.style import INK, WIDTH, themed
from serflow.numbers import value

FIRST_BAR = 4.0
"""Where the first bar stands beside the numbers, in steps from one bar to the next."""


@themed
def plot(
    ranks: Sequence[Mapping[str, str]],
    comparisons: Sequence[Mapping[str, str]],
    *,
    confidence: float = 0.95,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """Draw one row per model, the best mean rank at the top, and the groups at the right.

    A row for each model rather than a line with all of them: twenty names and more stay readable.

    Parameters
    ----------
    ranks
        Rows of ``evaluation/ranks.tsv``: ``model``, ``mean_rank``. Without any, the figure says why
        there are none.
    comparisons
        Rows of ``evaluation/comparisons.tsv``, from which
        `serflow.evaluation.groups.not_told_apart` makes the groups.
    confidence
        Level of the intervals of `comparisons`.
    colours
        Colour by model; `palette` of the models given where it is left out.
    """
    if not ranks:
        return _nothing()
    ranked = sorted(ranks, key=lambda row: (value(row["mean_rank"]), row["model"]))
    names = [row["model"] for row in ranked]
    colours = colours or palette(names)
    groups = not_told_apart(names, comparisons, confidence)
    figure, axes, beside = row_chart_beside(names, share=0.11 + 0.03 * len(groups))
    for place, row in enumerate(ranked):
        rank, colour = value(row["mean_rank"]), colours[row["model"]]
        axes.plot([1, rank], [place, place], color=colour, lw=1, alpha=0.5)
        axes.plot(rank, place, "o", ms=7, color=colour, markeredgecolor="white")
        beside.text(0, place, f"{rank:.2f}", ha="left", va="center", fontsize=7.5)
    for number, (first, last) in enumerate(groups):
        across = FIRST_BAR + number
        beside.plot([across] * 2, [first - 0.25, last + 0.25], color=INK, lw=3.2)
    beside.set_xlim(0, FIRST_BAR + max(len(groups), 1))
    axes.set_xlim(1, len(names))
    axes.set_xlabel("mean rank over speakers (1: the highest UAR of all for every speaker)")
    return figure


def _nothing() -> Figure:
    figure = Figure(figsize=(WIDTH, 0.7), layout="constrained")
    figure.text(
        0.5,
        0.5,
        "Ranks take at least three models and three tested speakers that are known.",
        ha="center",
        va="center",
        color=MUTED,
    )
    return figure
