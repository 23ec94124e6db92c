"""What the baselines are called in tables of models; no model may be called so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

FAMILY = "baseline"
CHANCE = "chance"
MAJORITY = "majority"
NAMES = (CHANCE, MAJORITY)


def mistakes(models: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the names of models: none may be called as a baseline is."""
    for name in sorted(set(models) & set(NAMES)):
        yield f"`models.{name}`: in every table this name stands for a baseline; rename the model"
