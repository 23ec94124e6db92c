"""Paired comparison of models that were tested on the same clips.

The difference in UAR is a sum over speakers: with N_c clips of class c among C classes, a speaker
adds (1/C) Σ_c (right_a − right_b) / N_c. If two models were equally good, each speaker's part could
as well have the other sign; the p-value is the share of sign patterns whose sum is at least as far
from zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from serflow.evaluation.claims import EXACT, PATTERNS
from serflow.evaluation.intervals import percentiles
from serflow.evaluation.metrics import Floats

SIGNS = 2000
"""Sign patterns at a time: with 300 pairs of models their sums take 5 MB."""


def parts(correct: ArrayLike, clips: ArrayLike) -> Floats:
    """Return what each unit adds to each model's UAR, shape (units, models).

    Parameters
    ----------
    correct
        Clips predicted right, averaged over seeds, shape (units, models, classes).
    clips
        Clips, shape (units, classes). Classes without any clip count for nothing.
    """
    correct = np.asarray(correct, dtype=float)
    total = np.asarray(clips, dtype=float).sum(axis=0)
    there = total > 0
    contribution: Floats = (correct[..., there] / total[there]).sum(axis=-1) / there.sum()
    return contribution


def sign_flip_p(differences: ArrayLike, *, seed: int = 0) -> Floats:
    """Return two-sided p-values of sums of differences under random signs.

    Parameters
    ----------
    differences
        What each unit adds to the difference, shape (units, comparisons).
    seed
        Seeds the drawn patterns; with at most `EXACT` units all patterns are counted instead.

    Returns
    -------
    numpy.ndarray
        Shape (comparisons,). Drawn patterns count the observed one as well, so p is never 0
        (Phipson & Smyth 2010).
    """
    differences = np.asarray(differences, dtype=float)
    number = len(differences)
    # Sums that are equal on paper differ by rounding; they have to count as equal.
    observed = np.abs(differences.sum(axis=0)) - 1e-12
    counted = np.zeros(differences.shape[1])
    patterns = 0
    for signs in _signs(number, seed):
        counted += (np.abs(signs @ differences) >= observed).sum(axis=0)
        patterns += len(signs)
    if number <= EXACT:
        return counted / patterns
    return (counted + 1) / (patterns + 1)


def holm(p_values: ArrayLike) -> Floats:
    """Return p-values corrected for their number by Holm's step-down rule (Holm 1979)."""
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return corrected


def pairs(
    models: Sequence[str],
    correct: ArrayLike,
    clips: ArrayLike,
    resampled: ArrayLike,
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Compare every two models.

    Parameters
    ----------
    models
        Names; a pair has them in this order.
    correct, clips
        As for `parts`; `correct` has the models in the same order.
    resampled
        UAR over resampled units, shape (resamples, models), of
        `serflow.evaluation.intervals.resampled_uar`.
    confidence
        Coverage of the intervals of the differences.
    seed
        Seed of the sign patterns.

    Returns
    -------
    list of dict
        `model_a`, `model_b`, `difference` (UAR of a minus UAR of b), `low`, `high`, `p_value`, and
        `p_holm`, corrected over all these pairs.
    """
    chosen = list(combinations(range(len(models)), 2))
    if not chosen:
        return []
    first, second = (list(side) for side in zip(*chosen, strict=True))
    contribution = parts(correct, clips)
    differences = contribution[:, first] - contribution[:, second]
    resampled = np.asarray(resampled, dtype=float)
    p_values = sign_flip_p(differences, seed=seed)
    p_holm = holm(p_values)
    rows = []
    for place, (a, b) in enumerate(chosen):
        low, high = percentiles(resampled[:, a] - resampled[:, b], confidence)
        rows.append(
            {
                "model_a": models[a],
                "model_b": models[b],
                "difference": float(differences[:, place].sum()),
                "low": float(low),
                "high": float(high),
                "p_value": float(p_values[place]),
                "p_holm": float(p_holm[place]),
            }
        )
    return rows


def _signs(number: int, seed: int) -> Iterator[Floats]:
    """Yield sign patterns in blocks of shape (patterns of the block, units).

    All of them, but of a pattern and its opposite, whose sums are equally far from zero, one.
    """
    if number <= EXACT:
        half = 2 ** max(number - 1, 0)
        for start in range(0, half, SIGNS):
            pattern = np.arange(start, min(start + SIGNS, half))
            yield (1 - 2 * (pattern[:, None] >> np.arange(number) & 1)).astype(float)
        return
    generator = np.random.Generator(np.random.PCG64(seed))
    for start in range(0, PATTERNS, SIGNS):
        block = min(SIGNS, PATTERNS - start)
        yield (1 - 2 * generator.integers(0, 2, size=(block, number), dtype=np.int8)).astype(float)
