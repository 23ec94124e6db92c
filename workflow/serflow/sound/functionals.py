"""Statistics of each row of frames over a clip: what is left of a contour when time is taken out.

Mean, deviation and extremes, of the values and of their deltas, are of the feature set of the
INTERSPEECH 2009 Emotion Challenge (Schuller, Steidl & Batliner 2009), which has more of them. The
percentiles 20, 50 and 80 are those of eGeMAPS (Eyben et al. 2016): a single odd frame moves the
extremes, but hardly these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from serflow.sound.slopes import deltas

PERCENTILES = (20, 50, 80)
FUNCTIONALS = ("mean", "deviation", "minimum", "maximum", *(f"p{p}" for p in PERCENTILES))
"""What is taken of the values, then of their deltas, in this order."""


def functionals(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the statistics of each row and of its slope.

    Parameters
    ----------
    matrix
        Shape (rows, frames), the clip's own frames only: padding would count as sound.

    Returns
    -------
    array of shape (rows, 14), float32
        `FUNCTIONALS` of the values in the unit of `matrix`, then of the deltas in that unit a
        frame. Deviations are divided by the number of frames; percentiles are interpolated.
    """
    values = matrix.astype(np.float64)
    parts = []
    for contour in (values, deltas(values)):
        parts += [contour.mean(axis=1), contour.std(axis=1)]
        parts += [contour.min(axis=1), contour.max(axis=1)]
        parts += list(np.percentile(contour, PERCENTILES, axis=1))
    return np.stack(parts, axis=1).astype(np.float32)
