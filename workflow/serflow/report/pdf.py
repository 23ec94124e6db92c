"""The report as a PDF to print and hand in, set by Typst."""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from serflow.files import replacing
from serflow.report.blocks import PICTURED


def render(content: Mapping[str, Any], template: str | Path, output: str | Path) -> None:
    """Write the report as PDF, whole or not at all.

    Parameters
    ----------
    content
        Of `serflow.report.content.assemble`. It is handed to the template as data, so that no
        string in it is ever read as markup.
    template
        The Typst document; it reads ``content.json`` beside itself.
    output
        The PDF's path. The same content gives the same bytes: no time of writing is kept.
    """
    with tempfile.TemporaryDirectory(prefix="serflow-report-") as name:
        document = lay_out(content, template, Path(name))
        with replacing(output) as temporary:
            _compile(document, temporary)


def _compile(document: Path, output: Path) -> None:
    """Set the document as PDF/UA-1, for people who have it read to them, where that can be done."""
    source, target, root = str(document), str(output), str(document.parent)
    try:
        typst.compile(source, output=target, root=root, format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        # The standard wants a title, and a font that has every letter of the labels.
        typst.compile(source, output=target, root=root, format="pdf")


def lay_out(content: Mapping[str, Any], template: str | Path, folder: Path) -> Path:
    """Put the document, its data and its figures into `folder` and return the document's path."""
    document = folder / "report.typ"
    shutil.copyfile(template, document)
    placed = _with_figures_beside(content, folder)
    (folder / "content.json").write_text(json.dumps(placed), encoding="utf-8")
    return document


def _with_figures_beside(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Copy the figures into `folder` and return the content with their names there.

    Typst reads nothing outside its root, and a figure's own name may hold any character.
    """
    placed: dict[str, Any] = copy.deepcopy(dict(content))
    blocks = [*placed["summary"], *(block for one in placed["sections"] for block in one["blocks"])]
    for block in blocks:
        for item in block["items"] if block["kind"] in PICTURED else ():
            source = Path(item["path"])
            item["path"] = f"figure{item['number']}{source.suffix.lower()}"
            shutil.copyfile(source, folder / item["path"])
    return placed
