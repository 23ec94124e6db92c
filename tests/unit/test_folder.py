"""Corpora in folders named for their labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from serflow.corpora.folder import scan
from serflow.errors import UserError


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()


def test_plain_label_folders(tmp_path: Path):
    make(tmp_path, "Sad/b.wav", "Angry/deep/er/a.WAV", "left_out.wav")
    assert scan(tmp_path) == [
        {
            "clip": "Angry/deep/er/a",
            "path": str(tmp_path / "Angry/deep/er/a.WAV"),
            "label": "Angry",
            "speaker": "",
            "split": "",
        },
        {
            "clip": "Sad/b",
            "path": str(tmp_path / "Sad/b.wav"),
            "label": "Sad",
            "speaker": "",
            "split": "",
        },
    ]


def test_train_and_test_in_any_case(tmp_path: Path):
    make(tmp_path, "TRAIN/Sad/a.wav", "test/Sad/b.wav", "Train2/Sad/c.wav", "TRAIN/d.wav")
    found = [(row["clip"], row["label"], row["split"]) for row in scan(tmp_path)]
    assert found == [("TRAIN/Sad/a", "Sad", "train"), ("test/Sad/b", "Sad", "test")]


@pytest.mark.parametrize(
    ("expression", "path", "speaker"),
    [
        (r"(?P<take>\d)_(?P<speaker>\w)", "Sad/3_x.wav", "x"),
        (r"(\w)_\d", "Sad/x_3.wav", "x"),
        (r"s\d\d", "Sad/s07_a.wav", "s07"),
        # The examples of config/folder.yaml.
        (r"([^/_]+)_[^/]*$", "Angry/anna_01.wav", "anna"),
        (r"speaker(\d+)", "Angry/take3_speaker07.wav", "07"),
        (r"^[^/]+/([^/]+)/", "Angry/anna/01.wav", "anna"),
        (r"^[^/]+/[^/]+/([^/]+)/", "Train/Angry/anna/01.wav", "anna"),
    ],
)
def test_the_speaker_is_read_from_the_path(
    tmp_path: Path, expression: str, path: str, speaker: str
):
    make(tmp_path, path)
    [row] = scan(tmp_path, expression)
    assert row["speaker"] == speaker


def test_the_path_that_the_expression_does_not_match_is_shown(tmp_path: Path):
    make(tmp_path, "Sad/x_1.wav", "Sad/y.wav")
    with pytest.raises(
        UserError, match=r"`corpus\.speaker`: .*'\(\.\)_' does not match the path 'Sad/y\.wav'"
    ):
        scan(tmp_path, "(.)_")


def test_an_empty_speaker_is_refused(tmp_path: Path):
    make(tmp_path, "Sad/_1.wav")
    with pytest.raises(UserError, match=r"`corpus\.speaker`: .* empty speaker in 'Sad/_1\.wav'"):
        scan(tmp_path, "/([a-z]*)_")


def test_a_broken_expression_is_told(tmp_path: Path):
    with pytest.raises(UserError, match=r"`corpus\.speaker`: '\(' is not a regular expression"):
        scan(tmp_path, "(")


@pytest.mark.parametrize(
    ("expression", "paths", "labels"),
    [
        # The expression of config/fsdd.yaml.
        (r"([0-9])_[^/]*$", ["7_theo_0.wav", "deep/0_theo_12.wav"], ["7", "0"]),
        (r"(?P<take>\d)_(?P<label>\w)", ["3_x.wav", "4_y.wav"], ["x", "y"]),
        (r"sad|calm", ["a/sad1.wav", "calm2.wav"], ["sad", "calm"]),
    ],
)
def test_the_label_is_read_from_the_path(
    tmp_path: Path, expression: str, paths: list[str], labels: list[str]
):
    make(tmp_path, *paths, "notes/readme.txt")
    # By path in both: no folder is taken for a label, and an empty one is no missing label.
    found = {row["path"]: row["label"] for row in scan(tmp_path, label=expression)}
    assert found == {str(tmp_path / path): label for path, label in zip(paths, labels, strict=True)}


def test_labels_in_names_go_with_train_and_test_and_chosen_labels(tmp_path: Path):
    make(tmp_path, "Train/a_1.wav", "Train/b_1.wav", "Test/deep/a_2.wav", "a_3.wav")
    found = scan(tmp_path, labels=["a"], label=r"([a-z])_\d")
    assert [(row["clip"], row["label"], row["split"]) for row in found] == [
        ("Test/deep/a_2", "a", "test"),
        ("Train/a_1", "a", "train"),
    ]
    with pytest.raises(UserError, match=r"has the label c;"):
        scan(tmp_path, labels=["a", "c"], label=r"([a-z])_\d")


def test_a_path_without_a_label_is_shown(tmp_path: Path):
    make(tmp_path, "1_x.wav", "y.wav")
    with pytest.raises(UserError, match=r"`corpus\.label`: .* 'y\.wav'; .* find the label in all"):
        scan(tmp_path, label="([0-9])_")


def test_chosen_labels(tmp_path: Path):
    make(tmp_path, "Sad/a.wav", "Angry/b.wav", "notes/readme.txt")
    assert [row["label"] for row in scan(tmp_path, labels=["Sad"])] == ["Sad"]
    with pytest.raises(UserError, match=r"`corpus\.path`: no WAV in .* has the label Happy, Joy;"):
        scan(tmp_path, labels=["Sad", "Joy", "Happy"])


@pytest.mark.parametrize("above", ["", "Train/"])
def test_a_label_folder_without_a_clip_is_told(tmp_path: Path, above: str):
    make(tmp_path, f"{above}Sad/a.wav", f"{above}Calm/readme.txt", f"{above}.hidden/x.wav")
    with pytest.raises(UserError, match=r"has the label Calm; .*`corpus\.labels`"):
        scan(tmp_path)
    assert len(scan(tmp_path, labels=["Sad"])) == 1


def test_a_folder_without_wavs_says_what_is_wanted(tmp_path: Path):
    make(tmp_path, "Sad/a.mp3", "b.wav")
    with pytest.raises(
        UserError, match=r"`corpus\.path`: no WAV was found .*Train/<Label>/\*\.wav"
    ):
        scan(tmp_path)
    with pytest.raises(UserError, match=r"with labels Sad, Joy"):
        scan(tmp_path, labels=["Sad", "Joy"])


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"`corpus\.path`: .*absent does not exist"):
        scan(tmp_path / "absent")
