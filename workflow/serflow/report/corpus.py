"""Section on the recordings: where they come from, how many, how long and how loud, of whom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from statistics import median

from serflow import numbers
from serflow.corpora.about import about
from serflow.report import given_away, text
from serflow.report.blocks import Block, definitions, paragraph, section, table
from serflow.report.given_away import decibels
from serflow.report.material import Material, Row, Rows

Measure = Callable[[list[float]], float]
SPREAD: tuple[Measure, ...] = (min, median, max)
LEVELS = ("Lowest (dB)", "Median (dB)", "Highest (dB)")
MOST_SPEAKERS = 60
"""Speakers beyond these are left to the files."""


def recorded(material: Material) -> list[Block]:
    """Return the section."""
    shown = [
        definitions(_told(material)),
        _by_label(material),
        *given_away.table_of(material),
        *_by_speaker(material),
        *_left_out(material),
    ]
    return [section("corpus", "Corpus", shown)]


def _told(material: Material) -> list[tuple[str, str]]:
    """Return what is known of the recordings as a whole."""
    known = about(material.config["corpus"])
    rates = Counter(int(row["rate"]) for row in material.recordings)
    channels = Counter(int(row["channels"]) for row in material.recordings)
    made = "a synthesizer, not people" if known.synthetic else ""
    return [
        ("Corpus", known.name),
        *([("Made by", made)] if made else []),
        ("Licence", known.licence or "not told (`corpus.licence`)"),
        *([("Published at", known.address)] if known.address else []),
        (
            "Sampling rate",
            _counts((f"{numbers.count(rate)} Hz", count) for rate, count in sorted(rates.items())),
        ),
        (
            "Channels",
            _counts(
                ({1: "one", 2: "two"}.get(number, numbers.count(number)), count)
                for number, count in sorted(channels.items())
            ),
        ),
    ]


def _counts(items: Iterable[tuple[str, int]]) -> str:
    """Write what there is, and of how many clips each where there are several."""
    items = list(items)
    if len(items) == 1:
        return items[0][0]
    return text.joined(f"{name} ({text.counted(count, 'clip')})" for name, count in items)


def _by_label(material: Material) -> Block:
    lines = []
    for label, rows in _grouped(material, "label").items():
        speakers = numbers.count(len({row["speaker"] for row in rows} - {""}))
        lengths = _lengths(material, rows)
        lines.append(
            [
                label,
                numbers.count(len(rows)),
                speakers if material.speakers else numbers.UNKNOWN,
                *(_written(measure, lengths, 2) for measure in SPREAD),
                *(_written(measure, _levels(material, rows), 1) for measure in SPREAD),
            ]
        )
    return table(
        "The corpus by label: counts, durations and levels. A clip's level is that of its loudest "
        "sample, in decibels below full scale.",
        ["Label", "Clips", "Speakers", "Shortest (s)", "Median (s)", "Longest (s)", *LEVELS],
        lines,
        source="recordings.tsv",
    )


def _by_speaker(material: Material) -> list[Block]:
    if not material.speakers:
        return []
    if len(material.speakers) > MOST_SPEAKERS:
        return [
            paragraph(
                f"There are {numbers.count(len(material.speakers))} speakers, too many to list "
                "here: clips.tsv and recordings.tsv tell each clip's speaker, duration and level."
            )
        ]
    groups = _grouped(material, "speaker")
    gender = {speaker: rows[0].get("gender", "") for speaker, rows in groups.items()}
    # Where nobody's gender is known, the column would be empty.
    told = any(gender.values())
    lines = []
    for speaker in material.speakers:
        rows = groups[speaker]
        lengths = _lengths(material, rows)
        lines.append(
            [
                speaker,
                *([gender[speaker]] if told else []),
                numbers.count(len(rows)),
                numbers.count(len({row["label"] for row in rows})),
                numbers.duration(sum(lengths)),
                _written(median, lengths, 2),
                *(_written(measure, _levels(material, rows), 1) for measure in SPREAD),
            ]
        )
    return [
        table(
            "The corpus by speaker: counts, durations and levels.",
            [
                *("Speaker", *(["Gender"] if told else []), "Clips", "Labels"),
                *("In all", "Median (s)", *LEVELS),
            ],
            lines,
            words=2 if told else 1,
            source="recordings.tsv",
        )
    ]


def _grouped(material: Material, column: str) -> dict[str, list[Row]]:
    """Return the clips by what stands in a column, sorted."""
    found: dict[str, list[Row]] = {}
    for row in material.clips:
        found.setdefault(row[column], []).append(row)
    return dict(sorted(found.items()))


def _lengths(material: Material, rows: Rows) -> list[float]:
    """Return the durations of some clips in seconds."""
    return [numbers.value(one["seconds"]) for one in _recordings(material, rows)]


def _levels(material: Material, rows: Rows) -> list[float]:
    """Return the levels of those of some clips that are not silent."""
    levels = (decibels(one["peak"]) for one in _recordings(material, rows))
    return [level for level in levels if not math.isnan(level)]


def _recordings(material: Material, rows: Rows) -> list[Row]:
    measured = material.measured
    return [measured[row["clip"]] for row in rows if row["clip"] in measured]


def _written(measure: Measure, found: list[float], digits: int) -> str:
    told = f"{measure(found):.{digits}f}" if found else numbers.UNKNOWN
    return told.replace("-", numbers.MINUS)


def _left_out(material: Material) -> list[Block]:
    if not material.excluded:
        return []
    counted = Counter((row["label"], row["reason"]) for row in material.excluded)
    example: dict[tuple[str, str], str] = {}
    for row in material.excluded:
        example.setdefault((row["label"], row["reason"]), row["clip"])
    return [
        table(
            "Recordings that could not be used, by label and reason; none of them is part of any "
            "number.",
            ["Label", "Reason", "One of them", "Recordings"],
            [
                [label, reason, example[label, reason], numbers.count(count)]
                for (label, reason), count in sorted(counted.items())
            ],
            words=3,
            source="excluded.tsv",
        )
    ]
