"""Learning curves: loss and a score per epoch, of every fold and seed and on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from serflow.figures.colours import MUTED, PALETTE
from serflow.figures.style import WIDTH, themed
from serflow.numbers import value

Run = tuple[str, str]
PANELS = {"loss": "loss (cross-entropy)", "accuracy": "accuracy"}
CORRELATIONS = {"pearson": "Pearson's correlation", "ccc": "CCC"}
TRAINING = "#555555"


def regression_panels(loss: str) -> dict[str, str]:
    """Return the panels of a network that estimates a number, by its `loss`."""
    return {"loss": f"loss (1 − {CORRELATIONS[loss]})", loss: CORRELATIONS[loss]}


@themed
def plot(
    rows: Sequence[Mapping[str, str]],
    *,
    panels: Mapping[str, str] = PANELS,
    chosen: Mapping[Run, int] | None = None,
    chance: float | None = None,
    colour: str = PALETTE[0],
) -> Figure:
    """Draw training and validation loss (left) and score (right) of one model.

    Parameters
    ----------
    rows
        Rows of all the model's ``curves/…/fold{fold}_seed{seed}.tsv``, each with ``fold`` and
        ``seed`` added. Cells of ``validation_…`` may be empty where no validation set was made.
    panels
        The two measures, with the titles of their axes.
    chosen
        Epoch whose weights were kept, by (fold, seed) as strings; drawn as dots.
    chance
        Accuracy of a guess, drawn as a line.
    colour
        The model's colour, used for validation; training is grey and dashed.
    """
    figure = Figure(figsize=(WIDTH, 2.75), layout="constrained")
    grid = figure.subplots(1, 2)
    runs = sorted({(row["fold"], row["seed"]) for row in rows})
    for axes, (measure, title) in zip(grid, panels.items(), strict=True):
        _draw(axes, rows, runs, f"train_{measure}", TRAINING, (0, (4, 2)), "training")
        validated = _draw(axes, rows, runs, f"validation_{measure}", colour, "-", "validation")
        if validated and chosen:
            _mark(axes, rows, chosen, f"validation_{measure}", colour)
        axes.set(xlabel="epoch", ylabel=title)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="y")
    grid[0].set_ylim(bottom=0)
    scores = [
        value(row[f"{side}_{list(panels)[1]}"]) for row in rows for side in ("train", "validation")
    ]
    # An accuracy is never below zero; a correlation may be.
    low = float(np.nanmin([0.0, *scores]))
    grid[1].set_ylim(low - 0.02 if low < 0 else 0.0, 1.02)
    if chance is not None:
        grid[1].axhline(chance, color=MUTED, lw=0.9, ls=":", label=f"chance {chance:.3g}")
    handles, names = grid[1].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=len(names))
    return figure


def _series(
    rows: Sequence[Mapping[str, str]], runs: Sequence[Run], column: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the epochs (n,) and the column's values (runs, n), NaN where a run has none."""
    epochs = np.array(sorted({int(row["epoch"]) for row in rows}), dtype=np.int64)
    values = np.full((len(runs), len(epochs)), np.nan)
    row_of = {run: index for index, run in enumerate(runs)}
    for row in rows:
        at = int(np.searchsorted(epochs, int(row["epoch"])))
        values[row_of[row["fold"], row["seed"]], at] = value(row[column])
    return epochs, values


def _draw(
    axes: Axes,
    rows: Sequence[Mapping[str, str]],
    runs: Sequence[Run],
    column: str,
    colour: str,
    dash: str | tuple[int, tuple[int, int]],
    name: str,
) -> bool:
    """Draw every run thinly and the mean thickly; return whether there was anything to draw."""
    epochs, values = _series(rows, runs, column)
    present = np.isfinite(values)
    if not present.any():
        return False
    marker = "o" if len(epochs) == 1 else None
    for run in values:
        axes.plot(
            epochs,
            run,
            color=colour,
            lw=0.6,
            ls=dash,
            alpha=max(0.12, 0.6 / len(runs) ** 0.5),
            marker=marker,
        )
    # Where most runs have stopped, a mean of the rest would show other runs, not progress.
    enough = present.sum(axis=0) * 2 >= len(runs)
    mean = np.nansum(np.where(present, values, 0), axis=0)[enough] / present.sum(axis=0)[enough]
    axes.plot(
        epochs[enough], mean, color=colour, lw=2, ls=dash, label=f"{name} (mean)", marker=marker
    )
    return True


def _mark(
    axes: Axes,
    rows: Sequence[Mapping[str, str]],
    chosen: Mapping[Run, int],
    column: str,
    colour: str,
) -> None:
    """Put a dot on each run at the epoch whose weights were kept."""
    kept = [row for row in rows if chosen.get((row["fold"], row["seed"])) == int(row["epoch"])]
    axes.plot(
        [int(row["epoch"]) for row in kept],
        [value(row[column]) for row in kept],
        "o",
        ms=4.5,
        color=colour,
        markeredgecolor="white",
        markeredgewidth=0.8,
        label="epoch kept (of one run)",
        zorder=5,
    )
