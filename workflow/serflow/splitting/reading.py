"""Reading the split table, which has a row for each clip of each fold."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path


def rows(path: str | Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table that `serflow.tables` wrote, one at a time; all cells are strings.

    A list of them would take a quarter of a gigabyte for a million rows.
    """
    with Path(path).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t")
