"""The results by label, by speaker and by attribute, on a model's card."""

from __future__ import annotations

from itertools import groupby
from statistics import median

from serflow import numbers
from serflow.export.card.facts import Facts
from serflow.export.card.markdown import escaped, table
from serflow.report import text
from serflow.report.material import Rows

MOST_VALUES = 12
"""Values of an attribute that have rows of their own."""


def labels(facts: Facts) -> list[str]:
    """Return how well each label is recognised."""
    rows = []
    for one in facts.material.of("per_class", facts.model):
        rows.append(
            (
                escaped(one["label"]),
                *(numbers.score(one[key]) for key in ("recall", "precision", "f1")),
                numbers.count(one["clips"]),
                _taken_for(facts, one["label"]),
            )
        )
    columns = ("Label", "Recall", "Precision", "F1", "Clips", "Most often taken for")
    return ["### By label", table(columns, rows)]


def _taken_for(facts: Facts, label: str) -> str:
    wrong = [
        row
        for row in facts.material.of("confusion", facts.model)
        if row["label"] == label != row["predicted"] and numbers.value(row["share"]) > 0
    ]
    if not wrong:
        return numbers.UNKNOWN
    most = max(wrong, key=lambda row: numbers.value(row["share"]))
    return f"{escaped(most['predicted'])} ({numbers.percent(most['share'])})"


def speakers(facts: Facts) -> list[str]:
    """Return how far apart the speakers' scores are."""
    rows = [row for row in facts.material.of("per_speaker", facts.model) if row["uar"]]
    if not rows:
        return ["The speakers are not known, so there are no results by speaker."]
    rows = sorted(rows, key=lambda row: (numbers.value(row["uar"]), row["speaker"]))
    middle = median(numbers.value(row["uar"]) for row in rows)
    cells = [
        f"{numbers.score(row['uar'])} ({escaped(row['speaker'])})" for row in (rows[0], rows[-1])
    ]
    spread = (cells[0], numbers.score(middle), cells[1], numbers.count(len(rows)))
    columns = ("Lowest UAR (speaker)", "Median", "Highest UAR (speaker)", "Speakers")
    return ["### By speaker", table(columns, [spread], words=0)]


def attributes(facts: Facts) -> list[str]:
    """Return the score of each value of each attribute that the corpus knows."""
    found: list[str] = []
    rows = facts.material.of("per_attribute", facts.model)
    lines: list[tuple[str, ...]] = []
    left: list[str] = []
    for attribute, of in groupby(rows, key=lambda row: row["attribute"]):
        values: Rows = list(of)
        if len(values) > MOST_VALUES:
            left.append(f"{escaped(attribute)} ({len(values)} values)")
            continue
        lines += [
            (
                escaped(attribute),
                escaped(row["value"]),
                numbers.score(row["uar"]),
                numbers.interval(row["uar_low"], row["uar_high"]),
                numbers.count(row["clips"]),
                numbers.count(row["speakers"]),
            )
            for row in values
        ]
    if lines:
        columns = ("Attribute", "Value", "UAR", f"{facts.material.level} interval", "Clips")
        found = ["### By attribute", table((*columns, "Speakers"), lines, words=2)]
        found.append(
            "A gap between two values need not come from the attribute: other speakers, or other "
            "labels, may stand behind it."
        )
    if left:
        found.append(f"In evaluation/per_attribute.tsv alone: {text.joined(left)}.")
    return found
