"""Classification metrics from confusion counts.

Counts are of shape (..., classes, classes), rows the true and columns the predicted class; all
leading axes (seeds, speakers, folds) are worked on at once. Counts may be fractions. The primary
metric is UAR, the unweighted average recall (Schuller et al. 2009, Interspeech).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def confusion(truth: ArrayLike, predicted: ArrayLike, classes: int) -> NDArray[np.int64]:
    """Count clips by true and predicted class.

    Parameters
    ----------
    truth
        Class numbers, shape (clips,).
    predicted
        Class numbers, shape (..., clips).
    classes
        Number of classes.

    Returns
    -------
    numpy.ndarray
        Shape (..., classes, classes).
    """
    everything = np.zeros(np.shape(truth), dtype=np.int64)
    return confusion_by(everything, 1, truth, predicted, classes)[..., 0, :, :]


def confusion_by(
    group: ArrayLike, groups: int, truth: ArrayLike, predicted: ArrayLike, classes: int
) -> NDArray[np.int64]:
    """Count each group's clips by true and predicted class, in one pass over the clips.

    Parameters
    ----------
    group
        Group numbers, shape (clips,); a clip with a negative one is in no group.
    groups
        Number of groups.
    truth, predicted, classes
        As for `confusion`.

    Returns
    -------
    numpy.ndarray
        Shape (..., groups, classes, classes).
    """
    group = np.asarray(group, dtype=np.int64)
    inside = group >= 0
    predicted = np.asarray(predicted, dtype=np.int64)[..., inside]
    row = group[inside] * classes + np.asarray(truth, dtype=np.int64)[inside]
    lead = predicted.shape[:-1]
    tables, size = int(np.prod(lead, dtype=np.int64)), groups * classes**2
    cells = (row * classes + predicted).reshape(tables, -1) + np.arange(tables)[:, None] * size
    counts = np.bincount(cells.ravel(), minlength=tables * size)
    return counts.reshape(*lead, groups, classes, classes)


def recalls(counts: ArrayLike) -> Floats:
    """Return each class's recall, shape (..., classes); NaN for a class without clips."""
    counts = np.asarray(counts, dtype=float)
    return _ratio(_diagonal(counts), counts.sum(axis=-1), empty=np.nan)


def precisions(counts: ArrayLike) -> Floats:
    """Return each class's precision, shape (..., classes); 0 for a class never predicted."""
    counts = np.asarray(counts, dtype=float)
    return _ratio(_diagonal(counts), counts.sum(axis=-2), empty=0.0)


def f1_scores(counts: ArrayLike) -> Floats:
    """Return each class's F1, shape (..., classes); NaN for a class neither true nor predicted."""
    counts = np.asarray(counts, dtype=float)
    return _ratio(2 * _diagonal(counts), counts.sum(axis=-1) + counts.sum(axis=-2), empty=np.nan)


def uar(counts: ArrayLike) -> Floats:
    """Return the mean recall over the classes that have clips, shape (...)."""
    return mean_known(recalls(counts))


def macro_f1(counts: ArrayLike) -> Floats:
    """Return the mean F1 over the classes that are true or predicted somewhere, shape (...)."""
    return mean_known(f1_scores(counts))


def accuracy(counts: ArrayLike) -> Floats:
    """Return the share of clips that are predicted right (WA), shape (...)."""
    counts = np.asarray(counts, dtype=float)
    return _ratio(_diagonal(counts).sum(axis=-1), counts.sum(axis=(-2, -1)), empty=np.nan)


def mean_known(values: ArrayLike) -> Floats:
    """Return the mean over the last axis without its NaNs; NaN where nothing else is there."""
    values = np.asarray(values, dtype=float)
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1), empty=np.nan)


def _diagonal(counts: Floats) -> Floats:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _ratio(above: Any, below: Any, empty: float) -> Floats:
    above, below = np.broadcast_arrays(
        np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    )
    result = np.full(above.shape, empty)
    np.divide(above, below, out=result, where=below > 0)
    return result
