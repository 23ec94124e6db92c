"""The building blocks of the report's content: plain dicts that both layouts know how to set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Cell = dict[str, Any]
Line = Sequence[str | Cell]
PICTURED = ("figures", "clips")
"""Kinds of blocks whose items have a picture each, and a figure's number."""

OF_SEVERAL = ("augmentation/",)
"""Figures that are named for one model and show several."""


def paragraph(text: str) -> Block:
    """Return running text."""
    return {"kind": "paragraph", "text": text}


def sentences(items: Iterable[str]) -> Block:
    """Return a list of sentences."""
    return {"kind": "list", "items": list(items)}


def note(level: str, title: str, text: str) -> Block:
    """Return a framed note; `level` is ``error`` (red), ``warning`` (amber) or ``note``."""
    return {"kind": "note", "level": level, "title": title, "text": text}


def definitions(items: Iterable[tuple[str, str]]) -> Block:
    """Return pairs of a term and what it means or is."""
    return {"kind": "definitions", "items": [{"term": term, "text": text} for term, text in items]}


def code(text: str) -> Block:
    """Return text set as it stands, letter under letter."""
    return {"kind": "code", "text": text}


def cell(
    text: str,
    *,
    strong: bool = False,
    colour: str = "",
    tone: str = "",
    muted: bool = False,
    model: str = "",
    key: str = "",
) -> Cell:
    """Return a table cell.

    Parameters
    ----------
    text
        What it says.
    strong
        Set in bold.
    colour
        Colour of a small square before the text: the model's.
    tone
        Background: a share from 0 to 1 as text (``"0.62"``), or nothing.
    muted
        Set in grey: it is there to compare with, and no part of what is compared.
    model
        The model that the cell names: a reader who hides the model hides the row.
    key
        The number that the cell is sorted by where its text does not begin with it, as in
        ``1 h 12 min``.
    """
    return {
        "text": text,
        "strong": strong,
        "colour": colour,
        "tone": tone,
        "muted": muted,
        "model": model,
        "key": key,
    }


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Line],
    *,
    words: int = 1,
    source: str = "",
    dense: bool = False,
) -> Block:
    """Return a numbered table.

    Parameters
    ----------
    caption
        What the table shows, in a sentence.
    columns
        Headings.
    rows
        Cells; a plain string is a cell without any emphasis.
    words
        The first `words` columns hold words, set to the left; the others hold numbers.
    source
        The table's file below ``results/{corpus}/``, where it stands in full.
    dense
        Set smaller: many columns.
    """
    return {
        "kind": "table",
        "caption": caption,
        "columns": [
            {"title": title, "align": "left" if place < words else "right"}
            for place, title in enumerate(columns)
        ],
        "rows": [[cell(item) if isinstance(item, str) else item for item in row] for row in rows],
        "source": source,
        "dense": dense,
    }


def figures(
    items: Iterable[tuple[str, str, str]], paths: Mapping[str, Any], across: int = 1
) -> list[Block]:
    """Return numbered figures as one block, or nothing where none of their files was made.

    Parameters
    ----------
    items
        Name of the figure (a key of `paths`), caption, and what it shows in words for those who
        do not see it. ``confusion/cnn2d`` is of the model ``cnn2d`` alone: who hides the model
        hides the figure.
    paths
        Files by name.
    across
        How many stand side by side where there is room.
    """
    made = [
        {
            "name": name,
            "path": str(paths[name]),
            "caption": caption,
            "alternative": alternative,
            "model": "" if name.startswith(OF_SEVERAL) else name.partition("/")[2],
        }
        for name, caption, alternative in items
        if name in paths
    ]
    return [{"kind": "figures", "items": made, "across": across}] if made else []


def chart(caption: str, alternative: str, spec: Mapping[str, Any]) -> Block:
    """Return a chart that answers to the reader; pages alone have it, and only with scripts.

    Parameters
    ----------
    caption
        What it shows, and what can be done with it.
    alternative
        What it shows in words, and where the numbers stand.
    spec
        In Vega-Lite, of `serflow.report.charts`.
    """
    return {"kind": "chart", "caption": caption, "alternative": alternative, "spec": dict(spec)}


def models(items: Iterable[Block]) -> Block:
    """Return one entry a model.

    Parameters
    ----------
    items
        Dicts of `name`, `colour` (of the model; "" for none), `what` it is, in words, `facts`,
        pairs of a term and a text as of `definitions`, and `pictures`, the names of its figures.
        `number` replaces these by `figures`, the numbers of those that are shown.
    """
    return {"kind": "models", "items": list(items)}


def section(name: str, title: str, blocks: Sequence[Block], letter: str = "") -> Block:
    """Return a section; `name` is its anchor, `letter` its place in the laboratory sheet's list."""
    return {"id": name, "title": title, "letter": letter, "blocks": list(blocks)}


def number(blocks: Iterable[Block]) -> None:
    """Give figures and tables their running numbers, in reading order and in place.

    What names figures gets to know their numbers.
    """
    blocks = list(blocks)
    figure = table_number = 0
    numbers: dict[str, int] = {}
    for block in blocks:
        if block["kind"] == "table":
            table_number += 1
            block["number"] = table_number
        elif block["kind"] in PICTURED:
            for item in block["items"]:
                figure += 1
                item["number"] = figure
                # Pictures of single clips have none.
                if "name" in item:
                    numbers[item["name"]] = figure
    for block in blocks:
        for item in block["items"] if block["kind"] == "models" else ():
            names = item.pop("pictures")
            item["figures"] = sorted(numbers[name] for name in names if name in numbers)
