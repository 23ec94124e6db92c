"""Whether a model's probabilities mean what they say: the expected calibration error.

The confidence of a prediction is the probability of the predicted label. Predictions are sorted by
it into `BINS` bins of equal width; the error is the mean distance of a bin's accuracy from its mean
confidence, weighted by its clips (Naeini et al. 2015, AAAI; Guo et al. 2017, ICML, whose 15 bins
these are). It is never below 0, and with few clips rather too high, so it compares models over the
same clips and is no absolute measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from serflow.evaluation.metrics import Floats

BINS = 15
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Binned:
    """What lies in each bin, for every seed; each array of shape (seeds, BINS).

    Attributes
    ----------
    clips
        Predictions.
    confidence
        Sum of their confidences.
    right
        How many of them are right.
    """

    clips: Counts
    confidence: Floats
    right: Floats

    @property
    def error(self) -> float:
        """The expected calibration error, mean over seeds."""
        apart = np.abs(self.right - self.confidence).sum(axis=1) / self.clips.sum(axis=1)
        return float(apart.mean())

    def rows(self, model: str) -> list[dict[str, Any]]:
        """Return a row a bin that holds anything, all seeds together."""
        clips = self.clips.sum(axis=0)
        confidence, right = self.confidence.sum(axis=0), self.right.sum(axis=0)
        return [
            {
                "model": model,
                "bin": place,
                "low": place / BINS,
                "high": (place + 1) / BINS,
                "predictions": int(clips[place]),
                "confidence": float(confidence[place] / clips[place]),
                "accuracy": float(right[place] / clips[place]),
            }
            for place in np.flatnonzero(clips).tolist()
        ]


def binned(confidence: ArrayLike, right: ArrayLike) -> Binned:
    """Sort predictions into bins by their confidence.

    Parameters
    ----------
    confidence
        Probability of the predicted label, between 0 and 1, shape (seeds, clips).
    right
        Whether the prediction is right, same shape.
    """
    confidence = np.asarray(confidence, dtype=float)
    seeds = len(confidence)
    # A bin holds its upper end, so that a confidence of 1 is in the last one.
    bins = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    cells = (bins + np.arange(seeds)[:, None] * BINS).ravel()

    def summed(weights: Floats) -> Floats:
        sums: Floats = np.bincount(cells, weights.ravel(), seeds * BINS).astype(float)
        return sums.reshape(seeds, BINS)

    clips = np.bincount(cells, minlength=seeds * BINS).reshape(seeds, -1)
    return Binned(clips, summed(confidence), summed(np.asarray(right, dtype=float)))
