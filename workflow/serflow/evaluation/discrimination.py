"""How well probabilities tell one class from the rest: the area under the ROC curve.

The area is the probability that a clip of the class gets a higher score than a clip of another one,
a tie counting half, so it follows from ranks (Mann-Whitney). It is taken within each fold and
averaged over folds: every fold has a model of its own, whose scores need not be on the scale of
another's, and areas of pooled scores can come out far too low or too high (Forman & Scholz 2010,
SIGKDD Explorations 12(1)).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from serflow.evaluation.metrics import Floats, mean_known


def roc_auc(
    scores: ArrayLike, truth: NDArray[np.int64], fold: NDArray[np.int64], folds: int
) -> Floats:
    """Return each class's area, one against the rest, mean over folds.

    Parameters
    ----------
    scores
        Probabilities, shape (clips, classes).
    truth
        Class numbers, shape (clips,).
    fold
        Place of the fold that tests each clip, shape (clips,).
    folds
        Number of folds.

    Returns
    -------
    numpy.ndarray
        Shape (classes,). A fold that tests only clips of the class, or none of it, has no area and
        is left out; NaN where that goes for all.
    """
    scores = np.asarray(scores)
    areas = np.full((scores.shape[1], folds), np.nan)
    for place in range(folds):
        tested = fold == place
        areas[:, place] = _areas(scores[tested], truth[tested])
    return mean_known(areas)


def _areas(scores: NDArray[np.floating], truth: NDArray[np.int64]) -> Floats:
    own = truth[:, None] == np.arange(scores.shape[1])
    inside = own.sum(axis=0)
    outside = len(own) - inside
    ranks = rankdata(scores, axis=0)
    above = (ranks * own).sum(axis=0) - inside * (inside + 1) / 2
    pairs = (inside * outside).astype(float)
    areas: Floats = np.divide(above, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    return areas
