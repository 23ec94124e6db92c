"""Deltas: the slope of each row of frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal
from numpy.typing import NDArray

DELTA_FRAMES = 9
"""Frames that a slope is taken over, librosa's default."""


def deltas(matrix: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Return the slope of each row, as ``librosa.feature.delta`` takes it.

    Parameters
    ----------
    matrix
        Shape (rows, frames).

    Returns
    -------
    array of shape (rows, frames)
        Per frame: of a line through nine frames, or as many of them as there are, an odd number;
        zero where there are fewer than three.
    """
    frames = matrix.shape[1]
    window = min(DELTA_FRAMES, frames - 1 + frames % 2)
    if window < 3:
        return np.zeros_like(matrix)
    slopes: NDArray[np.floating[Any]] = scipy.signal.savgol_filter(
        matrix, window, polyorder=1, deriv=1, axis=1, mode="interp"
    )
    return slopes
