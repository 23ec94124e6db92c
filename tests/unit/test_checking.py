"""Recordings that cannot be used: told, left out, or missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from serflow.corpora.checking import COLUMNS, excluded, require_whole, usable, with_verdicts
from serflow.errors import UserError
from serflow.tables import write_tsv

CLIPS = [
    {"clip": clip, "path": f"wavs/{clip}.wav", "label": label, "speaker": speaker}
    for clip, label, speaker in [("a", "Sad", "1"), ("b", "Sad", "2"), ("c", "Joy", "2")]
]


def told(folder: Path, *bad: str) -> Path:
    """Write what the check found of each clip."""
    path = folder / "recordings.tsv"
    rows = [
        {"clip": row["clip"], "verdict": "ok", "reason": "", "remedy": ""}
        if row["clip"] not in bad
        else {"clip": row["clip"], "verdict": "unusable", "reason": "is bad", "remedy": "mend it"}
        for row in CLIPS
    ]
    write_tsv(path, rows, COLUMNS)
    return path


def test_all_can_be_used(tmp_path: Path):
    path = told(tmp_path)
    assert excluded(CLIPS, path, "stop") == excluded(CLIPS, path, "skip") == []
    assert usable(CLIPS, path) == CLIPS


def test_stop_tells_every_one_of_them(tmp_path: Path):
    with pytest.raises(UserError) as caught:
        excluded(CLIPS, told(tmp_path, "a", "c"), "stop")
    assert str(caught.value).split("\n") == [
        "2 of 3 recordings cannot be used:",
        "  - wavs/a.wav: is bad; mend it",
        "  - wavs/c.wav: is bad; mend it",
        "Mend them, or leave them out by `clips.on_error: skip`.",
    ]


def test_skip_lists_them(tmp_path: Path):
    path = told(tmp_path, "b")
    assert excluded(CLIPS, path, "skip") == [
        {"clip": "b", "verdict": "unusable", "reason": "is bad", "remedy": "mend it"}
    ]
    assert [row["clip"] for row in usable(CLIPS, path)] == ["a", "c"]


def test_skip_ends_where_none_is_left(tmp_path: Path):
    with pytest.raises(UserError, match=r"3 of 3 recordings .*(\n.*)*No recording is left\."):
        excluded(CLIPS, told(tmp_path, "a", "b", "c"), "skip")


def test_verdicts_stand_beside_the_clips(tmp_path: Path):
    rows = with_verdicts(CLIPS, told(tmp_path, "b"))
    assert [(row["clip"], row["label"], row["verdict"], row["reason"]) for row in rows] == [
        ("a", "Sad", "ok", ""),
        ("b", "Sad", "unusable", "is bad"),
        ("c", "Joy", "ok", ""),
    ]


def test_what_is_lost_is_named():
    require_whole(CLIPS, CLIPS[1:], 2, 2)
    with pytest.raises(UserError, match=r"no clip of the label Joy; mend"):
        require_whole(CLIPS, CLIPS[:2], 2, 2)
    with pytest.raises(UserError, match=r"no clip of the speaker 1, so 1 of 2 folds; mend"):
        require_whole(CLIPS, CLIPS[1:], 2, 1)
