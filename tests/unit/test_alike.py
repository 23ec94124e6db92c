"""What is too alike to be told apart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from serflow.corpora import alike
from serflow.corpora.table import build
from serflow.errors import UserError

ALIKE = {
    "case": ("Happy", "happy"),
    "a space at the end": ("happy", "happy "),
    "two spaces for one": ("very happy", "very  happy"),
    "a space that does not break": ("very happy", "very\u00a0happy"),
    "a letter in two pieces": ("g\u00e9n\u00e9", "ge\u0301ne\u0301"),
    "a wide letter": ("joy", "\uff4aoy"),
}


def row(clip: str, label: str = "Sad", **more: Any) -> dict[str, Any]:
    return {"clip": clip, "path": f"wavs/{clip}.wav", "label": label, "speaker": "", **more}


def told(*rows: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        alike.check(rows)
    return str(caught.value)


@pytest.mark.parametrize("labels", ALIKE.values(), ids=ALIKE)
def test_labels_that_are_one_are_named_with_their_clips(labels: tuple[str, str]) -> None:
    one, other = labels
    message = told(row("a", one), row("b", other), row("c", other), row("d", "Sad"))
    assert f"{one!r} (1 clips)" in message
    assert f"{other!r} (2 clips)" in message
    assert "Sad" not in message
    assert "column `label`" in message


def test_labels_that_are_several_are_let_in() -> None:
    labels = ["Happy", "unhappy", "Happy!", "fear_1", "fear-1", "1", "01", "\u6012\u308a"]
    alike.check([row(str(i), label) for i, label in enumerate(labels)])


@pytest.mark.parametrize(
    ("one", "other"), [("Sad/A1", "Sad/a1"), ("sad/a", "Sad/a"), ("\u00e9", "e\u0301")]
)
def test_clip_names_that_are_one_file_elsewhere(one: str, other: str) -> None:
    message = told(row(one), row(other))
    assert repr(one) in message
    assert repr(other) in message
    assert "macOS and Windows" in message
    # Spaces count in names of files.
    alike.check([row("Sad/a"), row("Sad/a b"), row("Sad/a  b")])


@pytest.mark.parametrize("path", ["wavs/a.wav", "wavs/./a.wav", "wavs/x/../a.wav", "wavs//a.wav"])
def test_a_path_that_stands_there_twice(path: str) -> None:
    message = told(row("a"), row("again", path=path))
    assert "clip 'a' (wavs/a.wav)" in message
    assert f"clip 'again' ({path})" in message
    assert "count twice" in message


@pytest.mark.parametrize("make", [os.link, os.symlink], ids=["hard", "symbolic"])
def test_a_link_to_a_recording_of_the_corpus(tmp_path: Path, make: Any) -> None:
    for name in ("Sad/a.wav", "Joy/b.wav"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"12345")
        os.utime(tmp_path / name, ns=(7, 7))
    keys = {"speaker": None, "label": None, "labels": None}
    corpus = {"adapter": "folder", "path": str(tmp_path), **keys}
    # Files of one size and time are no copies of each other for that.
    assert len(build(corpus, "").rows) == 2
    make(tmp_path / "Sad/a.wav", tmp_path / "Joy/linked.wav")
    with pytest.raises(UserError, match=r"twice, as clip 'Joy/linked' .* clip 'Sad/a'"):
        build(corpus, "")


def test_speakers_of_like_names_are_told_of_and_let_in(caplog: pytest.LogCaptureFixture) -> None:
    alike.check([row("a", speaker="s01"), row("b", speaker="S01"), row("c", speaker="s02")])
    [record] = caplog.records
    assert "speakers 'S01' and 's01' differ only by case" in record.getMessage()
    caplog.clear()
    alike.check([row("a", speaker="s01"), row("b", speaker="s01"), row("c", speaker="s11")])
    assert caplog.records == []
