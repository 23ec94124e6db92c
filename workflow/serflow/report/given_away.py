"""What a corpus gives away beside the voice: how far length and level alone reach."""

from __future__ import annotations

import math
from collections.abc import Iterable

from serflow import numbers
from serflow.evaluation.plain_cues import Reached, reached
from serflow.report import text
from serflow.report.blocks import Block, table
from serflow.report.material import Material, Row

SILENCE, SHORTEST = -120.0, 1e-3
"""What stands for the level of silence, in dB, and for the length of nothing, in seconds."""
BOTH = "length and level"
CUES = {"length": ("length",), "level": ("level",), BOTH: ("length", "level")}
"""What is known of a clip, by what the table calls it."""


def decibels(peak: object) -> float:
    """Return a peak between 0 and 1 as level in dB below full scale; NaN for silence."""
    value = numbers.value(peak)
    return 20 * math.log10(value) if value > 0 else math.nan


def table_of(material: Material) -> list[Block]:
    """Return the table of all cues, or nothing where no model recognises labels."""
    found = {name: _reached(material, of) for name, of in CUES.items()}
    lines = [
        [name, numbers.score(one.uar), numbers.interval(one.low, one.high)]
        for name, one in found.items()
        if one is not None
    ]
    if not lines:
        return []
    guess = numbers.score(1 / len(material.labels))
    return [
        table(
            "What a clip's length and level alone reach: of each test clip the likeliest label, by "
            "mean and deviation of each label over the fold's other clips; a guess scores "
            f"{guess}. The higher, the less of a model's score needs to come from the voice. Over "
            f"{_scope(material)}; the intervals follow from the spread over {material.unit}.",
            ["Known of a clip", "UAR", f"{material.level} interval"],
            lines,
        )
    ]


def said(material: Material) -> list[str]:
    """Return a sentence where models are not shown to hear more than length and level."""
    found = _reached(material, CUES[BOTH])
    # NaN, where there is no interval, is below nothing.
    if found is None or not numbers.value(material.ranked[0]["uar"]) <= found.high:
        return []
    best = material.ranked[0]
    return [
        "Length and level of a clip alone, without its voice, reach a UAR of "
        f"{numbers.score(found.uar)} {numbers.interval(found.low, found.high)} by a simple rule. "
        f"The highest UAR of a model, {numbers.score(best['uar'])} ({best['model']}), is not above "
        "this interval, so these scores do not show that models hear more than that. "
        f"({_scope(material)}.)"
    ]


def _reached(material: Material, cues: Iterable[str]) -> Reached | None:
    """Return what cues reach on the models' folds; None where there is no model, or no fold."""
    if not material.row:
        return None
    values = {clip: [MEASURED[cue](row) for cue in cues] for clip, row in material.measured.items()}
    return reached(values, material.clips, material.splits, material.confidence)


def _length(row: Row) -> float:
    seconds = numbers.value(row["seconds"])
    # As ratios: 1 s to 2 s is as far as 2 s to 4 s.
    return math.log(seconds if seconds > 0 else SHORTEST)


def _level(row: Row) -> float:
    level = decibels(row["peak"])
    return SILENCE if math.isnan(level) else level


MEASURED = {"length": _length, "level": _level}


def _scope(material: Material) -> str:
    row = material.ranked[0]
    nouns = ("test clip", "clips"), ("speaker", "speakers"), ("fold", "folds")
    counts = [(noun, int(row[column])) for noun, column in nouns]
    return text.joined(text.counted(count, noun) for noun, count in counts if count)
