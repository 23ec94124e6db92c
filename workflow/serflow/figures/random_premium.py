"""What a random split would have claimed beside what a model reaches on new voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from serflow import numbers
from serflow.evaluation.baseline_names import NAMES
from serflow.figures.colours import palette
from serflow.figures.rows import line_of_chance, row_chart
from serflow.figures.style import themed


@themed
def plot(
    premiums: Sequence[Mapping[str, str]],
    *,
    chance: float,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """Draw one dumbbell per model, the largest premium at the top.

    Parameters
    ----------
    premiums
        Rows of ``evaluation/random_premium.tsv``: ``model``, ``uar``, ``uar_random``,
        ``difference``, ``low``, ``high``. Those of the baselines are left out: the line of chance
        stands for them.
    chance
        UAR of a guess (1 / number of classes), drawn as a line.
    colours
        Colour by model; `palette` of the models given where it is left out.
    """
    trained = [row for row in premiums if row["model"] not in NAMES]
    rows = sorted(trained, key=lambda row: (-numbers.value(row["difference"]), row["model"]))
    colours = colours or palette(row["model"] for row in rows)
    figure, axes = row_chart([row["model"] for row in rows])
    ends = [chance]
    for place, row in enumerate(rows):
        score, claimed = numbers.value(row["uar"]), numbers.value(row["uar_random"])
        colour = colours[row["model"]]
        axes.plot((score, claimed), (place, place), color=colour, lw=1.6, zorder=1)
        axes.plot(score, place, "o", ms=7, color=colour, markeredgecolor="white")
        axes.plot(claimed, place, "o", ms=6, color="white", mec=colour, mew=1.8)
        told = (
            f"{numbers.difference(row['difference'])}  "
            f"{numbers.interval(row['low'], row['high'], signed=True)}"
        )
        axes.text(1.02, place, told, transform=axes.get_yaxis_transform(), va="center", size=7.5)
        ends += [score, claimed]
    line_of_chance(axes, chance)
    axes.set_xlim(max(0.0, min(ends) - 0.05), min(1.02, max(ends) + 0.04))
    axes.set_xlabel(
        "unweighted average recall (UAR): filled, on voices never heard; open, under random folds"
    )
    return figure
