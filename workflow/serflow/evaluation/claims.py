"""What it takes to claim that two models differ, the same in sentences, tables and figures."""

from __future__ import annotations

EXACT = 18
"""Up to this many units the paired test counts all sign patterns."""
PATTERNS = 200_000
"""Sign patterns that it draws where they are too many to count: with 300 pairs of models, Holm's
correction asks for p < 1/6000, which so many tell apart whatever the seed."""

FEWEST_MODELS = 3
"""So many models it takes to rank them by speaker."""
FEWEST_SPEAKERS = 3
"""So many speakers it takes to rank the models."""


def threshold(confidence: float) -> float:
    """Return the p-value below which a difference counts: 0.05 at a confidence of 0.95."""
    return round(1 - confidence, 12)


def smallest_p(units: int) -> float:
    """Return the smallest p-value that the paired test can give for so many units."""
    return 2 / 2**units if units <= EXACT else 1 / (PATTERNS + 1)


def smallest_p_holm(units: int, comparisons: int) -> float:
    """Return the smallest p-value that is left once it is corrected for so many comparisons."""
    return min(1.0, smallest_p(units) * comparisons)


def sure(low: float, high: float, p_holm: float, confidence: float) -> bool:
    """Return whether the interval leaves zero out and the Holm-corrected test agrees.

    What is not known (NaN) is not sure.
    """
    return (low > 0 or high < 0) and p_holm < threshold(confidence)
