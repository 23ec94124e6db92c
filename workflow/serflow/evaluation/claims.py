"""What it takes to claim that two models differ, the same in sentences, tables and figures."""

from __future__ import annotations


def threshold(confidence: float) -> float:
    """Return the p-value below which a difference counts: 0.05 at a confidence of 0.95."""
    return round(1 - confidence, 12)


def sure(low: float, high: float, p_holm: float, confidence: float) -> bool:
    """Return whether the interval leaves zero out and the Holm-corrected test agrees.

    What is not known (NaN) is not sure.
    """
    return (low > 0 or high < 0) and p_holm < threshold(confidence)
