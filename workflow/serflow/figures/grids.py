"""A grid of example clips: one column per label, one row per role, wrapped to the page's width."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from serflow.errors import UserError
from serflow.figures.colours import MUTED
from serflow.figures.style import WIDTH, shortened

ROLES = {"train": "Training", "test": "Test"}
PER_ROW = 4
PANEL_HEIGHT = 1.7

Example = Mapping[str, Any]
Panels = list[tuple[Example, Axes]]


class Edge(NamedTuple):
    """At which edges of its block of labels a panel lies; only there are axes labelled."""

    left: bool
    right: bool
    bottom: bool


def example_grid(
    examples: Sequence[Example], draw: Callable[[Axes, Example, Edge], None]
) -> tuple[Figure, Panels]:
    """Lay out one panel per label and role and draw each example.

    Parameters
    ----------
    examples
        Dicts with at least ``label``, ``role`` (``train`` or ``test``), ``clip`` and ``speaker``.
        Of several for one label and role the first is shown; a missing one leaves an empty panel
        that says so.
    draw
        Called with the axes, the example, and where the panel lies.

    Returns
    -------
    figure, panels
        The panels as pairs of example and axes, in reading order.
    """
    if not examples:
        raise UserError("No example clip was given for a figure; at least one is needed.")
    chosen: dict[tuple[str, str], Example] = {}
    for example in examples:
        chosen.setdefault((example["label"], example["role"]), example)
    labels = sorted({example["label"] for example in examples})
    # 6 labels stand as 3 + 3, not as 4 + 2.
    columns = math.ceil(len(labels) / math.ceil(len(labels) / PER_ROW))
    blocks = [labels[start : start + columns] for start in range(0, len(labels), columns)]
    count = len(blocks) * len(ROLES)
    figure = Figure(figsize=(WIDTH, 0.4 + PANEL_HEIGHT * count), layout="constrained")
    grid = figure.subplots(count, columns, squeeze=False)
    panels: Panels = []
    for block, members in enumerate(blocks):
        for offset, (role, title) in enumerate(ROLES.items()):
            row = grid[block * len(ROLES) + offset]
            row[0].annotate(
                title,
                (0, 0.5),
                xytext=(-46, 0),
                xycoords="axes fraction",
                textcoords="offset points",
                rotation=90,
                ha="center",
                va="center",
                weight="bold",
            )
            for column, axes in enumerate(row):
                if column >= len(members):
                    axes.set_axis_off()
                    continue
                shown = chosen.get((members[column], role))
                _head(axes, members[column] if offset == 0 else "", shown)
                if shown is None:
                    _say_empty(axes)
                    continue
                edge = Edge(column == 0, column == columns - 1, offset == len(ROLES) - 1)
                draw(axes, shown, edge)
                panels.append((shown, axes))
    return figure, panels


def _head(axes: Axes, label: str, example: Example | None) -> None:
    """Write the label (top row of a block only), the clip and its speaker above a panel."""
    if example is not None:
        speaker = (
            f"speaker {shortened(example['speaker'], 18)}"
            if example["speaker"]
            else "speaker unknown"
        )
        clip = shortened(PurePosixPath(example["clip"]).name, 24)
        axes.annotate(
            f"{clip}\n{speaker}",
            (0.5, 1),
            xytext=(0, 3),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=6.5,
            color=MUTED,
        )
    if label:
        axes.annotate(
            shortened(label, 20),
            (0.5, 1),
            xytext=(0, 24),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            weight="bold",
        )


def _say_empty(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.text(
        0.5, 0.5, "no such clip", transform=axes.transAxes, ha="center", va="center", color=MUTED
    )
