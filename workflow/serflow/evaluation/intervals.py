"""How sure a UAR is: the bootstrap over speakers.

Clips of one speaker are not independent, so speakers are drawn with replacement and all clips of a
drawn speaker come along (cluster bootstrap; Davison & Hinkley 1997, section 3.8). Where speakers
are not known, clips are drawn, and `units` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from serflow.evaluation.metrics import Floats, mean_known

BLOCK = 4_000_000
"""Numbers held at a time: 32 MB, whatever the number of units, models and resamples."""


def units(speakers: Sequence[str]) -> tuple[NDArray[np.intp], str]:
    """Return what is resampled: each clip's unit, and "speakers" or "clips".

    Units are speakers if every clip's speaker is known and there are at least two; else each clip
    is its own unit, because one speaker drawn again and again would look like certainty.
    """
    names, index = np.unique(np.asarray(speakers, dtype=str), return_inverse=True)
    if "" in names or len(names) < 2:
        return np.arange(len(speakers)), "clips"
    return index, "speakers"


def draws(number: int, resamples: int, seed: int, scores: int = 1) -> Iterator[Floats]:
    """Yield, in blocks of shape (resamples of the block, units), how often each unit is drawn.

    `number` counts the units. Blocks are short enough for `scores` numbers of every resample as
    well; their length changes nothing that is drawn.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    size = max(1, BLOCK // max(number, scores))
    for start in range(0, resamples, size):
        block = min(size, resamples - start)
        drawn = generator.integers(0, number, size=(block, number))
        drawn += np.arange(block)[:, None] * number
        yield (
            np.bincount(drawn.ravel(), minlength=block * number)
            .reshape(block, number)
            .astype(float)
        )


def resampled_uar(correct: ArrayLike, clips: ArrayLike, *, resamples: int, seed: int) -> Floats:
    """Return the UAR of several models over the same resampled units.

    Parameters
    ----------
    correct
        Clips predicted right, shape (units, models, classes). Averaged over seeds before: every
        seed tests the same clips, so the mean UAR over seeds is the UAR of the mean counts.
    clips
        Clips, shape (units, classes).
    resamples
        Number of resamples.
    seed
        Seed of the draws; the same seed draws the same units for every model.

    Returns
    -------
    numpy.ndarray
        Shape (resamples, models). A class of which a resample drew no clip is left out of its mean.
    """
    counted = _resampled_counts(correct, clips, resamples, seed)
    return np.concatenate([_uar(hits, total) for hits, total in counted])


def resampled_scores(
    correct: ArrayLike, clips: ArrayLike, *, resamples: int, seed: int
) -> tuple[Floats, Floats]:
    """Return UAR and accuracy of several models in several parts of the corpus.

    Parameters
    ----------
    correct
        As for `resampled_uar`, of shape (units, models, parts, classes).
    clips
        Clips, shape (units, parts, classes).
    resamples, seed
        As for `resampled_uar`.

    Returns
    -------
    uar, accuracy
        Each of shape (resamples, models, parts), NaN where a resample has no clip of the part.
    """
    uar, accuracy = [], []
    for hits, total in _resampled_counts(correct, clips, resamples, seed):
        uar.append(_uar(hits, total))
        right, tested = hits.sum(axis=-1), np.broadcast_to(total.sum(axis=-1), hits.shape[:-1])
        accuracy.append(_share(right, tested))
    return np.concatenate(uar), np.concatenate(accuracy)


def _resampled_counts(
    correct: ArrayLike, clips: ArrayLike, resamples: int, seed: int
) -> Iterator[tuple[Floats, Floats]]:
    """Yield right clips (resamples, models, ...) and clips (resamples, 1, ...), in blocks."""
    correct = np.asarray(correct, dtype=float)
    clips = np.asarray(clips, dtype=float)
    number = len(correct)
    flat, totals = correct.reshape(number, -1), clips.reshape(number, -1)
    for weights in draws(number, resamples, seed, flat.shape[1]):
        hits = (weights @ flat).reshape(-1, *correct.shape[1:])
        yield hits, (weights @ totals).reshape(-1, 1, *clips.shape[1:])


def _uar(hits: Floats, total: Floats) -> Floats:
    return mean_known(_share(hits, np.broadcast_to(total, hits.shape)))


def _share(hits: Floats, total: Floats) -> Floats:
    share: Floats = np.divide(hits, total, out=np.full(hits.shape, np.nan), where=total > 0)
    return share


def percentiles(samples: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    """Return the percentile interval over the first axis: its low and its high ends."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.asarray(samples, dtype=float), [tail, 1 - tail], axis=0)
    return low, high
