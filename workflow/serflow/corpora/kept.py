"""The clip table as the run that submits jobs leaves it for them.

Every cluster job reads the rules again, and would look at every recording for its size and time: on
a file system that many nodes share, these looks are what a large corpus costs. And a job should go
by the clips that the run was started with.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from serflow.corpora.table import ClipTable
from serflow.files import write_text


def variable(whose: str) -> str:
    """Return the environment variable by which a run's jobs find the table, and no other run's.

    `whose` is the folder of the results, of which one run may have several: another workflow can
    use this one more than once.
    """
    return f"SERFLOW_CLIP_TABLE_{_mark(whose)}"


def keep(table: ClipTable, folder: str | Path, whose: str) -> Path:
    """Write `table`, whole or not at all, and return its file.

    Older ones of the same results (`whose`) in `folder` are deleted. The name comes from the
    content, so a job of an earlier run finds its own table or none.
    """
    columns = table.columns
    # A row lacks what its adapter does not know of it, which is not the same as an empty text.
    cells = [[row.get(column) for column in columns] for row in table.rows]
    text = json.dumps({"made": table.made, "columns": columns, "cells": cells})
    begin = f"clips-{_mark(whose)}-"
    path = Path(folder, f"{begin}{hashlib.sha256(text.encode()).hexdigest()[:16]}.json").resolve()
    write_text(path, text)
    for older in path.parent.glob(f"{begin}*.json"):
        if older != path:
            older.unlink(missing_ok=True)
    return path


def read(path: str | Path) -> ClipTable:
    """Read what `keep` wrote."""
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    columns = told["columns"]
    rows = [
        {column: cell for column, cell in zip(columns, cells, strict=True) if cell is not None}
        for cells in told["cells"]
    ]
    return ClipTable(rows, told["made"])


def _mark(whose: str) -> str:
    return hashlib.sha256(whose.encode()).hexdigest()[:8]
