"""The effect of each augmentation, read from the paired comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from serflow.numbers import value

SURE = 0.05


class Effect(NamedTuple):
    """UAR of a variant less UAR of its base, with interval and corrected p-value (NaN: unknown)."""

    model: str
    difference: float
    low: float
    high: float
    p_holm: float

    @property
    def sure(self) -> bool:
        """Whether chance is an unlikely explanation at the 5 % level, after Holm's correction."""
        return self.p_holm < SURE


def effects(
    comparisons: Sequence[Mapping[str, str]], base: str, variants: Sequence[str]
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
    """
    found = []
    for row in comparisons:
        difference, low, high, p_holm = (
            value(row[key]) for key in ("difference", "low", "high", "p_holm")
        )
        if row["model_b"] == base and row["model_a"] in variants:
            found.append(Effect(row["model_a"], difference, low, high, p_holm))
        elif row["model_a"] == base and row["model_b"] in variants:
            found.append(Effect(row["model_b"], -difference, -high, -low, p_holm))
    return sorted(found, key=lambda effect: (-effect.difference, effect.model))
