"""Samples of a recording of any length, of which only a part is held at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Samples(Protocol):
    """Samples by number: an array of shape (samples,), or `Sliding`."""

    @property
    def size(self) -> int:
        """Number of samples."""

    def __getitem__(self, part: slice, /) -> NDArray[np.float32]:
        """Return a part; what lies beyond the end is left out."""


class Sliding:
    """Samples that come block by block, asked for from the beginning to the end.

    Parameters
    ----------
    blocks
        The samples in order, arrays of shape (samples of the block,).
    size
        Number of samples of all blocks.
    """

    def __init__(self, blocks: Iterator[NDArray[np.float32]], size: int) -> None:
        self.size = size
        self._blocks = blocks
        self._held: NDArray[np.float32] = np.empty(0, np.float32)
        self._first = 0

    def __getitem__(self, part: slice) -> NDArray[np.float32]:
        """Return samples ``start:stop``; what lies before `start` is forgotten.

        Raises
        ------
        IndexError
            If `start` lies before an earlier call's.
        """
        start, stop, _ = part.indices(self.size)
        if start < self._first:
            raise IndexError(f"sample {start} is forgotten, {self._first} is the first one held")
        while self._first + self._held.size < stop:
            kept = self._held[start - self._first :]
            self._first += self._held.size - kept.size
            block = next(self._blocks)
            self._held = np.concatenate([kept, block]) if kept.size else block
        return self._held[start - self._first : stop - self._first]
