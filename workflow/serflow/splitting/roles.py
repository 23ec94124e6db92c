"""The roles of clips in one fold, read from the split table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serflow import tables


def roles_of(splits: str | Path, fold: int, clips: Sequence[str]) -> NDArray[np.str_]:
    """Return the role (train, validation, test) of each of `clips` in `fold`, in their order.

    A clip that the fold does not name has the role ``""``.
    """
    wanted = str(fold)
    # Row by row, because the table is clips times folds long, and a job needs one fold of it.
    table = tables.each(splits, ("clip", "fold", "role"))
    roles = {clip: role for clip, of_fold, role in table if of_fold == wanted}
    return np.array([roles.get(clip, "") for clip in clips])
