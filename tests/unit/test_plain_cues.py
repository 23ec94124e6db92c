"""What length and level alone would reach, on numbers that can be followed by hand."""

from __future__ import annotations

import math

import pytest

from serflow.evaluation.plain_cues import reached

# Two speakers, each tested once; long clips are sad, but one of b's is as short as angry ones.
LENGTHS = {
    "a1": 1.0,
    "a2": 1.2,
    "a3": 3.0,
    "a4": 3.2,
    "b1": 1.0,
    "b2": 1.2,
    "b3": 3.0,
    "b4": 1.1,
}
CLIPS = [
    {"clip": clip, "label": "Angry" if clip[1] in "12" else "Sad", "speaker": clip[0]}
    for clip in LENGTHS
]
SPLITS = [
    {"clip": clip, "fold": fold, "role": "test" if clip[0] == fold else "train"}
    for fold in "ab"
    for clip in LENGTHS
]
CUES = {clip: (length,) for clip, length in LENGTHS.items()}


def test_the_likeliest_label_is_counted_and_speakers_spread() -> None:
    found = reached(CUES, CLIPS, SPLITS, 0.95)
    assert found is not None
    # Of all clips b4 alone is taken for another label.
    assert found.uar == pytest.approx((4 / 4 + 3 / 4) / 2)
    # Parts of the speakers in the UAR: ±(2 − 0.75 × 2) / 4 / 2 = ±0.0625; factor 2 / (2 − 1).
    error = math.sqrt(2 * 2 * 0.0625**2)
    assert found.low == pytest.approx(found.uar - 1.959964 * error, abs=1e-6)
    assert found.high == pytest.approx(1.0)


def test_equal_clips_are_a_guess() -> None:
    found = reached(dict.fromkeys(CUES, (2.0, -3.0)), CLIPS, SPLITS, 0.95)
    assert found is not None
    assert found.uar == 0.5


def test_a_second_cue_helps_where_it_tells() -> None:
    loud = {"Angry": -3.0, "Sad": -20.0}
    wobble = {clip: 0.1 * place for place, clip in enumerate(LENGTHS)}
    both = {
        row["clip"]: (LENGTHS[row["clip"]], loud[row["label"]] + wobble[row["clip"]])
        for row in CLIPS
    }
    found = reached(both, CLIPS, SPLITS, 0.95)
    assert found is not None
    assert found.uar == 1.0


def test_without_test_or_training_there_is_nothing() -> None:
    assert reached(CUES, CLIPS, [], 0.95) is None
    tested = [{**row, "role": "test"} for row in SPLITS if row["fold"] == "a"]
    assert reached(CUES, CLIPS, tested, 0.95) is None


@pytest.mark.parametrize("who", ["a", ""])
def test_clips_stand_for_themselves_where_speakers_cannot(who: str) -> None:
    """As in the models' intervals: with one speaker, and where one of them is not known."""
    clips = [{**row, "speaker": row["speaker"] if who == "" else who} for row in CLIPS]
    clips[0]["speaker"] = who
    found = reached(CUES, clips, SPLITS, 0.95)
    assert found is not None
    # Recall 1 and 3/4 of four clips each: of Sad three have (1 − 0.75) / 4 / 2 = 0.03125 as their
    # part, and b4 has −0.09375; factor 8 / (8 − 1).
    error = math.sqrt(8 / 7 * (3 * 0.03125**2 + 0.09375**2))
    assert found.low == pytest.approx(found.uar - 1.959964 * error, abs=1e-6)


def test_one_clip_has_no_interval() -> None:
    splits = [
        {**row, "role": "test" if row["clip"] == "a1" else "train"}
        for row in SPLITS
        if row["fold"] == "a"
    ]
    found = reached(CUES, CLIPS, splits, 0.95)
    assert found is not None
    assert found.uar == 1.0
    assert math.isnan(found.low)
