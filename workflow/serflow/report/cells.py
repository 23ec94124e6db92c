"""Cells and rows that the tables of models share: colours, shades, and the baselines in grey."""

from __future__ import annotations

import math
from collections.abc import Sequence

from serflow import numbers
from serflow.report.blocks import Cell, cell
from serflow.report.material import Material


def named(material: Material, model: str, *, strong: bool = False) -> Cell:
    """Return a model's name beside its colour; a baseline's in grey."""
    if model in material.baselines:
        return cell(model, muted=True)
    return cell(model, strong=strong, colour=material.colours.get(model, ""), model=model)


def written(material: Material, model: str, text: str, *, strong: bool = False) -> Cell:
    """Return what stands in a model's row; in a baseline's, in grey."""
    return cell(text, strong=strong, muted=model in material.baselines)


def shaded(material: Material, model: str, share: str | float, digits: int = 3) -> Cell:
    """Return a score, the darker the higher; a baseline's is grey and not shaded."""
    number = numbers.value(share)
    if math.isnan(number):
        return written(material, model, numbers.UNKNOWN)
    text = f"{number:.{digits}f}"
    if model in material.baselines:
        return written(material, model, text)
    return cell(text, tone=f"{min(max(number, 0), 1):.2f}")


def timed(seconds: float) -> Cell:
    """Return a duration, which is sorted by its seconds."""
    return cell(numbers.duration(seconds), key="" if math.isnan(seconds) else f"{seconds:.3f}")


def parts(items: Sequence[str], most: int) -> list[list[str]]:
    """Cut `items` into as few parts of at most `most` as possible, of nearly equal length."""
    count = -(-len(items) // most)
    size = -(-len(items) // count) if count else 1
    return [list(items[start : start + size]) for start in range(0, len(items), size)]
