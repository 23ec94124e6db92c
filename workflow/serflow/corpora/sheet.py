"""Corpora that a table describes: CSV or TSV with at least the columns path and label."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from serflow.corpora.walk import clip_name
from serflow.errors import UserError

SCHEMA = Path(__file__).parents[2] / "schemas" / "clips.schema.yaml"
# Columns that SERflow measures itself; a sheet's own would be taken for them.
RESERVED = ("bytes", "mtime")


def read(path: str | Path, labels: list[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows of the sheet at `path`, checked against ``workflow/schemas/clips.schema.yaml``.

    Columns besides path, label, speaker, split and clip are kept as attributes. Paths are relative to the sheet's
    folder. The delimiter is a tab in ``.tsv``, else the commoner of comma and semicolon in the first line.

    Raises
    ------
    UserError
        With the sheet's line number: a missing column or cell, an unknown split, a chosen label without a clip.
    """
    sheet = Path(path)
    if not sheet.is_file():
        raise UserError(f"`corpus.path`: {path} is not a file; wanted is a CSV or TSV table of clips")
    try:
        text = sheet.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"`corpus.path`: {path} is not UTF-8 text ({error}); save it as UTF-8") from None
    first = text.split("\n", 1)[0]
    delimiter = "\t" if sheet.suffix.lower() == ".tsv" else max(",;", key=first.count)
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    columns = [column or "" for column in reader.fieldnames or []]
    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    _check_columns(sheet, columns, schema)
    rows = []
    try:
        for record in reader:
            row = _row(sheet, reader.line_num, record, schema)
            if labels is None or row["label"] in labels:
                rows.append(row)
    except csv.Error as error:
        raise UserError(f"{sheet}, line {reader.line_num}: not a table ({error})") from None
    missing = sorted(set(labels or []) - {row["label"] for row in rows})
    if missing:
        raise UserError(f"`corpus.labels`: no row of {sheet} has the label {', '.join(missing)}")
    if not rows:
        raise UserError(f"`corpus.path`: {sheet} has no rows; wanted is one row a clip")
    return rows


def _check_columns(sheet: Path, columns: list[str], schema: dict[str, Any]) -> None:
    missing = [column for column in schema["required"] if column not in columns]
    if missing:
        raise UserError(
            f"{sheet}: the column {', '.join(missing)} is missing; the first line has "
            f"{', '.join(columns) or 'nothing'}, wanted are at least {', '.join(schema['required'])}"
        )
    reserved = [column for column in columns if column in RESERVED]
    if reserved:
        raise UserError(f"{sheet}: the column {reserved[0]} is SERflow's own; call it something else")
    double = sorted({column for column in columns if columns.count(column) > 1})
    if double:
        raise UserError(f"{sheet}: the column {double[0]} stands there twice")


def _row(sheet: Path, line: int, record: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if None in record or None in record.values():
        raise UserError(f"{sheet}, line {line}: as many cells are wanted as the first line has columns")
    row = {column: cell.strip() for column, cell in record.items() if column}
    for column, rule in schema["properties"].items():
        cell = row.get(column, "")
        if column in schema["required"] and not cell:
            raise UserError(f"{sheet}, line {line}: {column} is empty; wanted is {rule['description']}")
        if "enum" in rule and cell.lower() not in rule["enum"]:
            wanted = ", ".join(value or "empty" for value in rule["enum"])
            raise UserError(f"{sheet}, line {line}: {column} is {cell!r}; wanted is one of {wanted}")
    path, name = row.pop("path"), row.pop("clip", "")
    return {
        "clip": clip_name(f"{name}.wav" if name else path),
        "path": str(sheet.parent / path),
        "label": row.pop("label"),
        "speaker": row.pop("speaker", ""),
        "split": row.pop("split", "").lower(),
        **row,
    }
