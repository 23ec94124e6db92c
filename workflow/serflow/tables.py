"""Tab-separated tables: the one way in which SERflow writes and reads rows.

Text that a spreadsheet would take for a formula (a label ``=cmd()``, a clip ``-1+2``) stands in a
table with an apostrophe before it, and is read back without. Numbers stand as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from serflow.files import write_text

Malformed = csv.Error
"""What reading raises where no table can be told from the text."""

# What begins so, a spreadsheet may compute; with apostrophes before it, it looks like a cell that
# has been guarded, and needs one more.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]").match
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]").match
# Few cells begin with one of these, and finding that out is quicker.
_FIRST = frozenset("'=+-@\t\r\n")


def cell(value: Any) -> str:
    """Return a table cell: floats to six significant digits, ``None`` empty, all else by `str`."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(value, ".6g")
    return str(value)


def guarded(text: str) -> str:
    """Return a cell's text with an apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if _FORMULA(text) and not _number(text) else text


def plain(text: str) -> str:
    """Return the text of which `guarded` made a cell."""
    return text[1:] if _GUARDED(text) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def write_tsv(path: str | Path, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write `rows` with the given `columns`, whole or not at all.

    Cells and names of columns go through `guarded`; those that hold tabs, quotes or line ends are
    quoted as `csv` does. numpy's float64 is a float; convert float32 before. A row that lacks a
    column raises `KeyError`: a hole would be silent.
    """
    buffer = io.StringIO()
    unquoted = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    # A carriage return ends a row for readers, but does not make the writer quote.
    quoting = csv.writer(buffer, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL)
    for cells in ([*columns], *([cell(row[column]) for column in columns] for row in rows)):
        writer = quoting if "\r" in "".join(cells) else unquoted
        marked = not _FIRST.isdisjoint([text[:1] for text in cells])
        writer.writerow(map(guarded, cells) if marked else cells)
    write_text(path, buffer.getvalue())


def read_tsv(path: str | Path) -> list[dict[str, str]]:
    """Read a table written by `write_tsv`; every cell is a string."""
    return list(each_row(path))


def each_row(path: str | Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table one at a time, for one that is too long to be held."""
    lines = _lines(path)
    columns = next(lines, [])
    for cells in lines:
        yield dict(zip(columns, cells, strict=True))


def each(path: str | Path, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of some `columns`, two or more, row by row: quicker than `each_row`."""
    lines = _lines(path)
    chosen = itemgetter(*map(next(lines).index, columns))
    for cells in lines:
        yield chosen(cells)


def _lines(path: str | Path) -> Iterator[list[str]]:
    """Yield the cells of each line, that of the columns' names first."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        for cells in csv.reader(stream, delimiter="\t"):
            if "'" in "\t".join(cells):
                yield list(map(plain, cells))
            # The reader gives nothing for an empty line, of which the writer makes none.
            elif cells:
                yield cells
