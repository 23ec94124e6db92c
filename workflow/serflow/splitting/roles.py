"""The roles of clips in one fold, read from the split table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serflow.tables import read_tsv


def roles_of(splits: str | Path, fold: int, clips: Sequence[str]) -> NDArray[np.str_]:
    """Return the role (train, validation, test) of each of `clips` in `fold`, in their order.

    A clip that the fold does not name has the role ``""``.
    """
    roles = {row["clip"]: row["role"] for row in read_tsv(splits) if int(row["fold"]) == fold}
    return np.array([roles.get(clip, "") for clip in clips])
