"""Corpora that a table describes: CSV or TSV with a row a clip."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import yaml

from serflow.corpora.walk import clip_name
from serflow.errors import UserError

SCHEMA = Path(__file__).parents[2] / "schemas" / "clips.schema.yaml"
# Columns that SERflow measures itself; a sheet's own would be taken for them.
RESERVED = ("bytes", "mtime", "verdict", "reason", "remedy")
LONGEST = 250
"""Bytes that a part of a clip's name may have: a file's name has 255, with its suffix."""
UNLABELLED = "unlabelled"
"""Label of all clips of a sheet without that column."""


def read(
    path: str | Path,
    labels: list[str] | None = None,
    labelled: bool = True,
    only_paths: bool = False,
) -> list[dict[str, Any]]:
    """Return the rows of the sheet at `path`, checked by ``workflow/schemas/clips.schema.yaml``.

    Columns besides path, label, speaker, split and clip are kept as attributes. Paths are relative
    to the sheet's folder. The delimiter is a tab in ``.tsv``, else the commoner of comma and
    semicolon in the first line.

    Parameters
    ----------
    path
        The sheet.
    labels
        The labels whose clips are taken; ``None`` takes all.
    labelled
        Whether the column label is wanted. A sheet without it labels all clips alike otherwise.
    only_paths
        Whether nothing but the recordings is wanted, so that other cells may hold anything.

    Raises
    ------
    UserError
        With the sheet's line number: a missing column or cell, an unknown split, a chosen label
        without a clip.
    """
    sheet = Path(path)
    if not sheet.is_file():
        raise UserError(
            f"`corpus.path`: {path} is not a file; wanted is a CSV or TSV table of clips"
        )
    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    if only_paths:
        schema.update(required=["path"], properties={"path": schema["properties"]["path"]})
    rows = []
    reader = _reader(sheet, _text(sheet))
    try:
        columns = _columns(reader)
        if not labelled and not only_paths and "label" not in columns:
            schema["required"].remove("label")
        _check_columns(sheet, columns, schema)
        for record in reader:
            row = _row(sheet, reader.line_num, record, schema)
            if labels is None or row["label"] in labels:
                rows.append(row)
    except csv.Error as error:
        line = reader.reader.line_num
        raise UserError(f"{sheet}, line {line}: not a table ({error})") from None
    missing = sorted(set(labels or []) - {row["label"] for row in rows})
    if missing:
        raise UserError(f"`corpus.labels`: no row of {sheet} has the label {', '.join(missing)}")
    if not rows:
        raise UserError(f"`corpus.path`: {sheet} has no rows; wanted is one row a clip")
    return rows


def _text(sheet: Path) -> str:
    try:
        return sheet.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"`corpus.path`: {sheet} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise UserError(
            f"`corpus.path`: {sheet} is not UTF-8 text ({error}); save it as UTF-8"
        ) from None


def _reader(sheet: Path, text: str) -> csv.DictReader[str]:
    first = text.split("\n", 1)[0]
    delimiter = "\t" if sheet.suffix.lower() == ".tsv" else max(",;", key=first.count)
    # Not over splitlines(): a cell may hold the other line separators of Unicode.
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _columns(reader: csv.DictReader[str]) -> list[str]:
    """Return the names of the columns, from now on without spaces around them."""
    columns = [column.strip() for column in reader.fieldnames or []]
    reader.fieldnames = columns
    return columns


def _check_columns(sheet: Path, columns: list[str], schema: dict[str, Any]) -> None:
    missing = [column for column in schema["required"] if column not in columns]
    if missing:
        unneeded = " (no label is wanted where all models have a `target`)"
        raise UserError(
            f"{sheet}: the column {', '.join(missing)} is missing; the first line has "
            f"{', '.join(columns) or 'nothing'}, wanted are at least "
            f"{', '.join(schema['required'])}{unneeded if missing == ['label'] else ''}"
        )
    reserved = [column for column in columns if column in RESERVED]
    if reserved:
        raise UserError(
            f"{sheet}: the column {reserved[0]} is SERflow's own; call it something else"
        )
    double = sorted({column for column in columns if column and columns.count(column) > 1})
    if double:
        raise UserError(f"{sheet}: the column {double[0]} stands there twice")


def _row(sheet: Path, line: int, record: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    where = f"{sheet}, line {line}"
    if None in record or None in record.values():
        raise UserError(f"{where}: as many cells are wanted as the first line has columns")
    row = {column: cell.strip() for column, cell in record.items() if column}
    for column, rule in schema["properties"].items():
        cell = row.get(column, "")
        if column in schema["required"] and not cell:
            raise UserError(f"{where}: {column} is empty; wanted is {rule['description']}")
        if "enum" in rule and cell.lower() not in rule["enum"]:
            wanted = ", ".join(value or "empty" for value in rule["enum"])
            raise UserError(f"{where}: {column} is {cell!r}; wanted is one of {wanted}")
    for column, cell in row.items():
        if "\0" in cell:
            raise UserError(
                f"{where}: {column} holds a null character, which no name may hold; save the table "
                "as plain text"
            )
    path, name = row.pop("path"), row.pop("clip", "")
    clip = clip_name(f"{name}.wav" if name else path)
    if not clip:
        raise UserError(f"{where}: path is {path!r}, which names no WAV file")
    if any(len(part.encode()) > LONGEST for part in clip.split("/")):
        raise UserError(
            f"{where}: the clip's name {clip[:60]!r} … is too long for files that are called so; "
            f"wanted are at most {LONGEST} bytes a part: give a shorter one in the column `clip`"
        )
    return {
        "clip": clip,
        "path": str(sheet.parent / path),
        "label": row.pop("label", UNLABELLED),
        "speaker": row.pop("speaker", ""),
        "split": row.pop("split", "").lower(),
        **row,
    }
