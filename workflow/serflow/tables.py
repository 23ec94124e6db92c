"""Tab-separated tables: the one way in which SERflow writes and reads rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from serflow.files import write_text


def cell(value: Any) -> str:
    """Return a table cell: floats to six significant digits, ``None`` empty, all else by `str`."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(value, ".6g")
    return str(value)


def write_tsv(path: str | Path, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write `rows` with the given `columns`, whole or not at all.

    Cells that hold tabs, quotes or line ends are quoted as `csv` does. numpy's float64 is a float;
    convert float32 before. A row that lacks a column raises `KeyError`: a hole would be silent.
    """
    buffer = io.StringIO()
    plain = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    # A carriage return ends a row for readers, but does not make the writer quote.
    quoting = csv.writer(buffer, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(columns)
    for row in rows:
        cells = [cell(row[column]) for column in columns]
        writer = quoting if any("\r" in text for text in cells) else plain
        writer.writerow(cells)
    write_text(path, buffer.getvalue())


def read_tsv(path: str | Path) -> list[dict[str, str]]:
    """Read a table written by `write_tsv`; every cell is a string."""
    return list(each_row(path))


def each_row(path: str | Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table one at a time, for one that is too long to be held."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t")
