"""The clip table as the run that submits jobs leaves it for them.

Every cluster job reads the rules again, and would look at every recording for its size and time: on
a file system that many nodes share, these looks are what a large corpus costs. And a job should go
by the clips that the run was started with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from serflow.corpora.table import ClipTable
from serflow.files import write_text


def place(folder: str | Path, corpus: Mapping[str, Any], labelled: bool) -> Path:
    """Return the file of the table that `corpora.table.build` makes of these arguments."""
    told = json.dumps([corpus, labelled], sort_keys=True)
    return Path(folder, f"clips-{hashlib.sha256(told.encode()).hexdigest()[:16]}.json")


def keep(table: ClipTable, path: str | Path) -> None:
    """Write `table`, whole or not at all."""
    columns = table.columns
    # A row lacks what its adapter does not know of it, which is not the same as an empty text.
    cells = [[row.get(column) for column in columns] for row in table.rows]
    write_text(path, json.dumps({"made": table.made, "columns": columns, "cells": cells}))


def read(path: str | Path) -> ClipTable:
    """Read what `keep` wrote."""
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    columns = told["columns"]
    rows = [
        {column: cell for column, cell in zip(columns, cells, strict=True) if cell is not None}
        for cells in told["cells"]
    ]
    return ClipTable(rows, told["made"])
