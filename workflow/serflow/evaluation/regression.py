"""Metrics of estimated numbers, such as arousal or the level of a conflict.

All take the true and the estimated values of the same clips and return a float.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def pearson(truth: ArrayLike, estimated: ArrayLike) -> float:
    """Return Pearson's correlation, −1 to 1; 0 where either is constant.

    It is blind to a wrong offset or scale.
    """
    _, variances, covariance = _moments(truth, estimated)
    return _ratio(covariance, float(np.sqrt(variances.prod())))


def ccc(truth: ArrayLike, estimated: ArrayLike) -> float:
    """Return the concordance correlation coefficient, −1 to 1; 0 where either is constant.

    It is 1 only where both are equal (Lin 1989, Biometrics 45:255).
    """
    means, variances, covariance = _moments(truth, estimated)
    return _ratio(2 * covariance, float(variances.sum() + (means[0] - means[1]) ** 2))


def rmse(truth: ArrayLike, estimated: ArrayLike) -> float:
    """Return the root mean square of the errors, in the unit of the values."""
    errors = np.subtract(truth, estimated, dtype=float)
    return float(np.sqrt(np.mean(np.square(errors))))


def _moments(truth: ArrayLike, estimated: ArrayLike) -> tuple[np.ndarray, np.ndarray, float]:
    """Means (2,), variances (2,) and the covariance, divided by the number of clips."""
    pair = np.array([truth, estimated], dtype=float)
    means = pair.mean(axis=1)
    centred = pair - means[:, None]
    # Rounding leaves a constant's mean a little beside it.
    centred[np.ptp(pair, axis=1) == 0] = 0
    return means, np.square(centred).mean(axis=1), float(centred.prod(axis=0).mean())


def _ratio(above: float, below: float) -> float:
    return above / below if below else 0.0
