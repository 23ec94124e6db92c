"""Many memory-mapped arrays that index like one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from serflow.errors import UserError


class Blocks:
    """Arrays of the shards, one after the other, without reading them.

    Only the rows that are asked for are read, so training does not need the corpus in memory.

    Parameters
    ----------
    paths
        ``.npy`` files of one dtype and of shape ``(rows, …)`` with the same trailing shape; a
        file may have no rows.
    order
        For each place the row, counted through all files, that stands there; by default as they
        lie.

    Attributes
    ----------
    shape
        ``(rows of all files, …)``.
    dtype
        The files' dtype.
    """

    def __init__(self, paths: Sequence[str | Path], order: np.ndarray | None = None) -> None:
        # As plain arrays, because numpy's memory maps do much at every row taken.
        blocks = [np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)) for path in paths]
        self._blocks = [block for block in blocks if len(block)]
        if not self._blocks:
            raise UserError(f"no clip in any of {len(paths)} files")
        kinds = {(block.shape[1:], block.dtype) for block in self._blocks}
        if len(kinds) > 1:
            raise UserError(f"files of several shapes or types: {sorted(map(str, kinds))}")
        self._starts = np.cumsum([0, *(len(block) for block in self._blocks)])
        self.shape: tuple[int, ...] = (int(self._starts[-1]), *self._blocks[0].shape[1:])
        self.dtype: np.dtype = self._blocks[0].dtype
        self._order = np.arange(len(self)) if order is None else np.asarray(order)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """Read rows by an array of indices, in that order."""
        rows = self._order[np.asarray(rows)]
        taken = np.empty((len(rows), *self.shape[1:]), self.dtype)
        owners = np.searchsorted(self._starts, rows, side="right") - 1
        inside = rows - self._starts[owners]
        # Row by row, so that each is copied once, straight to its place.
        for place, (owner, row) in enumerate(zip(owners.tolist(), inside.tolist(), strict=True)):
            taken[place] = self._blocks[owner][row]
        return taken
