"""A confusion matrix: of the clips of each label, what share was taken for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from serflow.figures.colours import MUTED, PALETTE, readable_on
from serflow.figures.style import WIDTH, shortened, themed
from serflow.numbers import value


@themed
def plot(
    rows: Sequence[Mapping[str, str]], *, seeds: int = 1, title: str = "", colour: str = PALETTE[0]
) -> Figure:
    """Draw one model's confusion matrix with shares and counts in its cells.

    Parameters
    ----------
    rows
        The model's rows of ``evaluation/confusion.tsv``: ``label``, ``predicted``, ``count``
        (summed over seeds), ``share`` (of the label's clips). A pair without a row counts 0.
    seeds
        Number of seeds; counts are divided by it, so they add up to the clips of a label.
    title
        Written above the matrix.
    colour
        The model's colour: a share of 1 is drawn in it, a share of 0 in white.
    """
    labels = sorted({row["label"] for row in rows} | {row["predicted"] for row in rows})
    place = {label: index for index, label in enumerate(labels)}
    shares = np.zeros((len(labels), len(labels)))
    counts = np.zeros_like(shares)
    for row in rows:
        cell = place[row["label"]], place[row["predicted"]]
        shares[cell] = value(row["share"])
        counts[cell] = value(row["count"]) / seeds
    size = min(max(3.2, 1.1 + 0.52 * len(labels)), WIDTH)
    figure = Figure(figsize=(size, size * 0.9), layout="constrained")
    axes = figure.subplots()
    axes.set_box_aspect(1)
    scale = LinearSegmentedColormap.from_list("share", ["#ffffff", colour])
    # A mesh of drawn cells, not an image: vector graphics stay sharp at any size.
    axes.pcolormesh(
        np.nan_to_num(shares), cmap=scale, vmin=0, vmax=1, edgecolors="#e5e5e5", linewidth=0.5
    )
    side = size / max(len(labels), 1)
    for (row_index, column), share in np.ndenumerate(shares):
        ink = readable_on(scale(float(np.nan_to_num(share))))
        told = "–" if np.isnan(share) else f"{100 * share:.0f} %"
        middle = (column + 0.5, row_index + 0.5)
        axes.annotate(
            told,
            middle,
            ha="center",
            va="bottom",
            color=ink,
            fontsize=min(9.0, 15 * side),
            weight="bold" if row_index == column else "normal",
        )
        axes.annotate(
            f"{round(float(counts[row_index, column]), 1):g}",
            middle,
            xytext=(0, -1),
            textcoords="offset points",
            ha="center",
            va="top",
            color=ink,
            fontsize=min(6.5, 11 * side),
        )
    names = [shortened(label, 16) for label in labels]
    ticks = np.arange(len(labels)) + 0.5
    upright = len(labels) > 5 or any(len(name) > 9 for name in names)
    axes.set_xticks(
        ticks,
        names,
        rotation=40 if upright else 0,
        ha="right" if upright else "center",
        rotation_mode="anchor" if upright else "default",
    )
    axes.set_yticks(ticks, names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.invert_yaxis()
    axes.set(xlabel="predicted label", ylabel="true label")
    if title:
        figure.suptitle(shortened(title, 40), fontsize=9, weight="bold", color=MUTED)
    return figure
