"""UAR against the share of the labels, of classifiers from a GAN's and from random weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from serflow import numbers
from serflow.figures.colours import MUTED, PALETTE
from serflow.figures.style import WIDTH, themed

NAMES = {"gan": "from the GAN's weights", "random": "from random weights"}
APART = 1.02
"""Factor by which the two stand apart, so that their intervals do not hide each other."""
HEIGHT = 2.9


@themed
def plot(rows: Sequence[Mapping[str, str]], *, chance: float, colour: str = PALETTE[0]) -> Figure:
    """Draw a line with intervals for each start.

    Parameters
    ----------
    rows
        One model's rows of ``evaluation/label_shares.tsv``.
    chance
        UAR of a guess (1 / number of classes), drawn as a line.
    colour
        The model's colour, of the start from the GAN; the other is grey and dashed.
    """
    rows = sorted(rows, key=lambda row: numbers.value(row["share"]))
    shares = [numbers.value(row["share"]) for row in rows]
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    styles: dict[str, dict[str, Any]] = {
        "gan": {"color": colour, "ls": "-", "marker": "o"},
        "random": {"color": MUTED, "ls": (0, (4, 2)), "marker": "s"},
    }
    for start, apart in (("gan", 1 / APART), ("random", APART)):
        uar, low, high = (
            [numbers.value(row[f"uar_{start}{end}"]) for row in rows]
            for end in ("", "_low", "_high")
        )
        places = [share * apart for share in shares]
        axes.plot(places, uar, ms=5, lw=1.6, label=NAMES[start], **styles[start])
        axes.vlines(places, low, high, color=styles[start]["color"], lw=1.2)
    axes.axhline(chance, color=MUTED, lw=0.9, ls=":", label=f"chance {chance:.3g}")
    told = [f"{numbers.percent(row['share'])}\n{numbers.count(row['clips'])} clips" for row in rows]
    axes.set_xticks(shares, told)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="share of the training clips whose labels are used", ylabel="UAR")
    axes.grid(axis="y")
    axes.legend(loc="upper left")
    return figure
