"""The whole page, and its table of all recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serflow import numbers
from serflow.errors import shown
from serflow.files import write_text
from serflow.prediction import origin
from serflow.prediction.page.label_colours import Look, looks
from serflow.prediction.page.recording import detail, number
from serflow.prediction.page.words import about_model, about_page, warnings
from serflow.report.blocks import definitions
from serflow.report.text import counted, printable
from serflow.version import VERSION

if TYPE_CHECKING:
    from serflow.prediction.asking import Told

TEMPLATE = Path(__file__).parents[3] / "report" / "prediction.html.j2"
MOST_SHOWN = 30
"""Recordings with player and pictures; of the others the page has the table alone."""
MOST_ROWS = 2000
"""Rows of the table of all recordings."""
SOUND_BYTES = 7_000_000
"""Bytes of sound in a page; in a page's text they take a third more."""


def write_page(
    path: str | Path,
    told: Told,
    files: Sequence[Path],
    *,
    audio: bool = True,
    tables: Mapping[str, str] | None = None,
) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    path
        The HTML file.
    told
        What models said of recordings; those that are shown are read once more.
    files
        The models' files.
    audio
        Whether the recordings themselves lie in the page, as MP3.
    tables
        Names of the files with all answers, beside the page: `table` and `windows`.
    """
    from serflow.report.html import render

    content = assemble(told, files, audio=audio, tables=tables or {})
    write_text(path, render(printable(content), TEMPLATE))


def assemble(
    told: Told, files: Sequence[Path], *, audio: bool, tables: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template shows; see `write_page`."""
    known = origin.of(files)
    every = [] if told.target else looks(len(told.classes))
    shown_answers = told.answers[:MOST_SHOWN]
    budget = SOUND_BYTES
    details = []
    for place, (name, answer) in enumerate(shown_answers):
        share = budget // (len(shown_answers) - place)
        one, used = detail(place, name, answer, told, every, share if audio else 0)
        budget -= used
        details.append(one)
    recordings = counted(len(told.answers), "recording")
    return {
        "title": f"What {known['model']} says of {recordings}",
        "program": f"SERflow {VERSION}",
        "warnings": warnings(told, known, files),
        "facts": [
            {"title": "The model", **definitions(about_model(told, known))},
            {"title": "How to read this page", **definitions(about_page(told))},
        ],
        "table": _table(told, every),
        "unusable": [{"name": shown(path), "reason": reason} for path, reason in told.unusable],
        "details": details,
        "left_out": _left_out(told, tables),
        "tables": tables,
        "target": told.target,
    }


def _left_out(told: Told, tables: Mapping[str, str]) -> list[str]:
    found = []
    where = f"; all are in {tables['table']}" if "table" in tables else ""
    if len(told.answers) > MOST_ROWS:
        found.append(f"The table shows the first {numbers.count(MOST_ROWS)} recordings{where}.")
    if len(told.answers) > MOST_SHOWN:
        found.append(
            f"Player and pictures are of the first {MOST_SHOWN} recordings; ask for others alone "
            "to see theirs."
        )
    return found


def _table(told: Told, every: Sequence[Look]) -> dict[str, Any]:
    rows = []
    for place, (name, answer) in enumerate(told.answers[:MOST_ROWS]):
        said = told.said(answer.values)
        link = f"recording-{place + 1}" if place < MOST_SHOWN else ""
        cells = [number(value, told.target) for value in answer.values]
        rows.append(
            {
                "name": shown(name),
                "link": link,
                "predicted": said.get("predicted", ""),
                "cells": cells,
                "best": int(answer.values.argmax()),
                "windows": len(answer.starts),
            }
        )
    return {"columns": told.classes, "rows": rows, "looks": [vars(look) for look in every]}
