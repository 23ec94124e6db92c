"""What the report says of the recordings: how many, how long, how loud, of whom."""

from __future__ import annotations

from typing import Any

import pytest
from small_report import HEARD, SPEAKERS, Assemble, cells, section_of

from serflow.report.corpus import MOST_SPEAKERS, decibels

CLIPS = [
    {"clip": "a", "label": "Angry", "speaker": "01", "gender": "female"},
    {"clip": "b", "label": "Angry", "speaker": "02", "gender": "male"},
    {"clip": "c", "label": "Calm", "speaker": "02", "gender": "male"},
]
# 0.1 of full scale is 20 dB below it, 0.01 is 40 dB; the last clip is silent.
RECORDINGS = [
    {"clip": clip, "seconds": seconds, "rate": rate, "channels": channels, "peak": peak}
    | {"verdict": "ok"}
    for clip, seconds, rate, channels, peak in (
        ("a", "1.5", "48000", "1", "0.1"),
        ("b", "2.5", "16000", "2", "0.01"),
        ("c", "4", "48000", "1", "0.0"),
    )
]


def blocks_of(assembled: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in section_of(assembled, "corpus")["blocks"] if one["kind"] == kind]


def test_levels_are_below_full_scale() -> None:
    assert decibels("1") == 0
    assert decibels("0.1") == pytest.approx(-20)
    assert str(decibels("0.0")) == str(decibels("")) == "nan"


def test_by_label_and_by_speaker(assemble: Assemble) -> None:
    by_label, *_, by_speaker = blocks_of(assemble(clips=CLIPS, recordings=RECORDINGS), "table")
    assert cells(by_label) == [
        ["Angry", "2", "2", "1.50", "2.00", "2.50", "−40.0", "−30.0", "−20.0"],
        ["Calm", "1", "1", "4.00", "4.00", "4.00", "–", "–", "–"],
    ]
    assert cells(by_speaker) == [
        ["01", "female", "1", "1", "1.5 s", "1.50", "−20.0", "−20.0", "−20.0"],
        ["02", "male", "2", "2", "6.5 s", "3.25", "−40.0", "−40.0", "−40.0"],
    ]


def test_rates_and_channels_are_counted_where_they_differ(assemble: Assemble) -> None:
    [block] = blocks_of(assemble(clips=CLIPS, recordings=RECORDINGS), "definitions")
    told = {item["term"]: item["text"] for item in block["items"]}
    assert told["Sampling rate"] == "16\u202f000 Hz (1 clip) and 48\u202f000 Hz (2 clips)"
    assert told["Channels"] == "one (2 clips) and two (1 clip)"
    assert told["Licence"] == "CC BY-NC-SA 4.0"


def test_a_synthetic_corpus_is_called_so_again(assemble: Assemble) -> None:
    [block] = blocks_of(assemble(adapter="demo"), "definitions")
    told = {item["term"]: item["text"] for item in block["items"]}
    assert told["Made by"] == "a synthesizer, not people"
    assert told["Sampling rate"] == "48\u202f000 Hz"


def test_many_speakers_are_left_to_the_files(assemble: Assemble) -> None:
    clips = [
        {"clip": f"{speaker}", "label": "Calm", "speaker": f"{speaker:03}"}
        for speaker in range(MOST_SPEAKERS + 1)
    ]
    recordings = [{**RECORDINGS[0], "clip": row["clip"]} for row in clips]
    assembled = assemble(clips=clips, recordings=recordings)
    assert not [one for one in blocks_of(assembled, "table") if "speaker:" in one["caption"]]
    [told] = blocks_of(assembled, "paragraph")
    assert told["text"].startswith("There are 61 speakers, too many to list here")


def test_nobody_known_to_speak(assemble: Assemble) -> None:
    clips = [{**row, "speaker": ""} for row in CLIPS]
    by_label, *_ = blocks_of(assemble(clips=clips, recordings=RECORDINGS), "table")
    assert [row[2] for row in cells(by_label)] == ["–", "–"]


def test_length_and_level_are_no_voice(assemble: Assemble) -> None:
    """All clips of the small report are alike, so whoever knows their length can but guess."""
    [told] = [
        one
        for one in blocks_of(assemble(), "table")
        if one["columns"][0]["title"].startswith("Known")
    ]
    assert [row[:2] for row in cells(told)] == [
        ["length", "0.500"],
        ["level", "0.500"],
        ["length and level", "0.500"],
    ]
    assert "a guess scores 0.500" in told["caption"]


def test_the_first_page_says_where_length_and_level_are_enough(assemble: Assemble) -> None:
    def said(*seconds: str) -> str:
        # Clips are called 01/00, 01/01, 01/10, 01/11: speaker, label and take.
        recordings = [
            {"clip": f"{speaker}/{label}{take}", "seconds": length, "rate": "48000", **HEARD}
            | {"verdict": "ok"}
            for speaker in SPEAKERS
            for label, length in enumerate(seconds)
            for take in (0, 1)
        ]
        [block] = [one for one in assemble(recordings=recordings)["summary"] if "title" in one]
        return " ".join(block["items"])

    # The labels are told apart by length alone: no model is above that.
    told = said("2.0", "4.0")
    assert "alone, without its voice, reach a UAR of 1.000 [1.000, 1.000] by a simple rule" in told
    assert "0.700 (cnn2d_time_shift), is not above this interval" in told
    assert "(16 test clips, 4 speakers and 2 folds.)" in told
    # All are alike: a guess, and the best model is above it.
    assert "without its voice" not in said("3.0", "3.0")
