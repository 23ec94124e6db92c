"""The roles of clips in one fold, read from the split table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def roles_of(splits: str | Path, fold: int, clips: Sequence[str]) -> NDArray[np.str_]:
    """Return the role (train, validation, test) of each of `clips` in `fold`, in their order.

    A clip that the fold does not name has the role ``""``.
    """
    wanted = str(fold)
    # Row by row, because the table is clips times folds long, and a job needs one fold of it.
    with Path(splits).open(encoding="utf-8", newline="") as stream:
        table = csv.reader(stream, delimiter="\t")
        clip, of_fold, role = map(next(table).index, ("clip", "fold", "role"))
        roles = {row[clip]: row[role] for row in table if row[of_fold] == wanted}
    return np.array([roles.get(clip, "") for clip in clips])
