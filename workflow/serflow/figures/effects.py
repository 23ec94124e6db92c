"""The effect of each augmentation, read from the paired comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from serflow.evaluation.claims import sure
from serflow.numbers import value


class Effect(NamedTuple):
    """UAR of a variant less UAR of its base, with interval and corrected p-value (NaN: unknown).

    `sure` says whether interval and test agree that there is a difference.
    """

    model: str
    difference: float
    low: float
    high: float
    p_holm: float
    sure: bool


def effects(
    comparisons: Sequence[Mapping[str, str]],
    base: str,
    variants: Sequence[str],
    confidence: float,
) -> list[Effect]:
    """Return the effect of every variant of `base`, the most helpful first.

    Parameters
    ----------
    comparisons
        Rows of ``evaluation/comparisons.tsv``, in which either of the two may come first.
    base
        The model without augmentation.
    variants
        Names of the models to compare with it; one without a comparison is left out.
    confidence
        Level of the intervals; a corrected p-value has to be below one less it.
    """
    found = []
    for row in comparisons:
        difference, low, high, p_holm = (
            value(row[key]) for key in ("difference", "low", "high", "p_holm")
        )
        certain = sure(low, high, p_holm, confidence)
        if row["model_b"] == base and row["model_a"] in variants:
            found.append(Effect(row["model_a"], difference, low, high, p_holm, certain))
        elif row["model_a"] == base and row["model_b"] in variants:
            found.append(Effect(row["model_b"], -difference, -high, -low, p_holm, certain))
    return sorted(found, key=lambda effect: (-effect.difference, effect.model))
