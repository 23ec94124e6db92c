"""Recordings that cannot be used: told, left out, or missed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from serflow.corpora.checking import (
    COLUMNS,
    require_mended,
    require_usable,
    require_whole,
    unusable,
    usable,
    with_verdicts,
)
from serflow.errors import UserError
from serflow.tables import write_tsv

CLIPS = [
    {"clip": clip, "path": f"wavs/{clip}.wav", "label": label, "speaker": speaker}
    for clip, label, speaker in [("a", "Sad", "1"), ("b", "Sad", "2"), ("c", "Joy", "2")]
]


def told(folder: Path, *bad: str) -> Path:
    """Write what the check found of each clip, and return the list of the unusable ones."""
    known = {"verdict": "ok", "reason": "", "remedy": "", "bytes": "", "mtime": ""}
    wrong = {"verdict": "unusable", "reason": "is bad", "remedy": "mend it", "bytes": 4, "mtime": 7}
    rows = [{"clip": row["clip"], **(wrong if row["clip"] in bad else known)} for row in CLIPS]
    write_tsv(folder / "recordings.tsv", rows, COLUMNS)
    write_tsv(folder / "excluded.tsv", unusable(rows), COLUMNS)
    return folder / "excluded.tsv"


def test_all_can_be_used(tmp_path: Path):
    path = told(tmp_path)
    for on_error in ("stop", "skip"):
        require_usable(CLIPS, path, on_error)
    require_mended(CLIPS, path)
    assert usable(CLIPS, path) == CLIPS


def test_stop_tells_every_one_of_them(tmp_path: Path):
    with pytest.raises(UserError) as caught:
        require_usable(CLIPS, told(tmp_path, "a", "c"), "stop")
    assert str(caught.value).split("\n") == [
        "2 of 3 recordings cannot be used:",
        "  - wavs/a.wav: is bad; mend it",
        "  - wavs/c.wav: is bad; mend it",
        "Mend them, or leave them out by `clips.on_error: skip`.",
    ]


def test_skip_leaves_them_out(tmp_path: Path):
    path = told(tmp_path, "b")
    require_usable(CLIPS, path, "skip")
    assert [row["clip"] for row in usable(CLIPS, path)] == ["a", "c"]


def test_skip_ends_where_none_is_left(tmp_path: Path):
    with pytest.raises(UserError, match=r"3 of 3 recordings .*(\n.*)*No recording is left\."):
        require_usable(CLIPS, told(tmp_path, "a", "b", "c"), "skip")


def test_an_earlier_runs_list_holds_until_a_file_on_it_changes(tmp_path: Path):
    require_mended(CLIPS, tmp_path / "none.tsv")
    path = told(tmp_path, "b")
    wav = tmp_path / "b.wav"
    wav.write_bytes(b"1234")
    os.utime(wav, ns=(7, 7))
    rows = [{**row, "path": str(tmp_path / f"{row['clip']}.wav")} for row in CLIPS]
    with pytest.raises(UserError, match=r"1 of 3 recordings cannot be used"):
        require_mended(rows, path)
    os.utime(wav, ns=(7, 8))
    require_mended(rows, path)
    os.utime(wav, ns=(7, 7))
    require_mended([rows[0], rows[2]], path)
    wav.unlink()
    require_mended(rows, path)


def test_verdicts_stand_beside_the_clips(tmp_path: Path):
    rows = with_verdicts(CLIPS, told(tmp_path, "b").with_name("recordings.tsv"))
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
