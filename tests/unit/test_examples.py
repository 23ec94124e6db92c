"""The clips that figures show."""

from __future__ import annotations

from serflow.splitting.examples import choose


def row(clip: str, label: str, speaker: str) -> dict[str, str]:
    return {"clip": clip, "label": label, "speaker": speaker}


ROWS = [
    row("a1", "Joy", "a"),
    row("b2", "Sad", "b"),
    row("b1", "Joy", "b"),
    row("b3", "Sad", "b"),
    row("c1", "Joy", "c"),
    row("d1", "Sad", "d"),
]


def splits(fold: int = 0, **roles: str) -> list[dict[str, str]]:
    return [{"clip": clip, "fold": str(fold), "role": role} for clip, role in roles.items()]


def test_one_speaker_with_all_labels_is_preferred():
    sides = splits(a1="train", b1="train", b2="train", b3="train", c1="test", d1="test")
    assert choose(ROWS, sides) == [
        {"label": "Joy", "role": "train", "clip": "b1", "speaker": "b"},
        {"label": "Sad", "role": "train", "clip": "b2", "speaker": "b"},
        {"label": "Joy", "role": "test", "clip": "c1", "speaker": "c"},
        {"label": "Sad", "role": "test", "clip": "d1", "speaker": "d"},
    ]


def test_a_label_without_a_clip_on_a_side_is_left_out():
    sides = splits(a1="train", b2="validation", c1="test")
    assert [(e["role"], e["label"]) for e in choose(ROWS, sides)] == [
        ("train", "Joy"),
        ("test", "Joy"),
    ]


def test_the_fold_asked_for():
    sides = [*splits(0, a1="train", c1="test"), *splits(1, c1="train", a1="test")]
    assert [e["clip"] for e in choose(ROWS, sides, fold=1)] == ["c1", "a1"]
