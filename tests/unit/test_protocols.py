"""Fold counts and the refusal of protocols that cannot be carried out."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from serflow.errors import UserError
from serflow.splitting.protocols import fold_count, read


def table(speakers, splits=None):
    splits = splits or [""] * len(speakers)
    return [
        {"clip": f"c{place}", "label": "ab"[place % 2], "speaker": speaker, "split": split}
        for place, (speaker, split) in enumerate(zip(speakers, splits, strict=True))
    ]


ROWS = table(["01", "01", "02", "02", "03", "03", "04", "04"])


@pytest.mark.parametrize(
    ("protocol", "folds"),
    [
        ({"type": "loso"}, 4),
        ({"type": "group-k-fold", "folds": 3}, 3),
        ({"type": "speakers", "test_speakers": [["01", "02"], ["03"]]}, 2),
        ({"type": "random", "folds": 5, "allow_speaker_overlap": True}, 5),
    ],
)
def test_number_of_folds(protocol, folds):
    assert fold_count(protocol, ROWS) == folds


def test_a_given_split_is_one_fold():
    assert fold_count({"type": "given"}, table(["1", "2"], ["train", "test"])) == 1


def test_integer_speakers_match_their_digits():
    protocol = {"type": "speakers", "test_speakers": [[7], [8, 9]]}
    assert read(protocol).test_speakers == (("7",), ("8", "9"))
    assert fold_count(protocol, table(["7", "8", "9"])) == 2


@pytest.mark.parametrize(
    ("protocol", "rows", "words"),
    [
        ({"type": "kfold"}, ROWS, ["protocol.type", "'kfold'", "group-k-fold"]),
        ({"type": "loso", "validation": 0.6}, ROWS, ["protocol.validation", "0.6", "0.5"]),
        ({"type": "loso", "validation": True}, ROWS, ["protocol.validation"]),
        ({"type": "group-k-fold", "folds": 5}, ROWS, ["protocol.folds", "5 folds", "4 speakers"]),
        ({"type": "group-k-fold", "folds": 1}, ROWS, ["protocol.folds", "at least 2"]),
        ({"type": "group-k-fold", "folds": [["01"]]}, ROWS, ["protocol.folds", "whole number"]),
        ({"type": "speakers", "test_speakers": 4}, ROWS, ["protocol.test_speakers", "list"]),
        ({"type": "speakers", "test_speakers": [["01"], []]}, ROWS, ["[]", "one fold"]),
        ({"type": "speakers", "test_speakers": [[1]]}, ROWS, ["'1'", "'01'", "leading zeros"]),
        ({"type": "speakers", "test_speakers": [["x"]]}, ROWS, ["'x'", "'01', '02', '03', '04'"]),
        ({"type": "speakers", "test_speakers": [["01"], ["02", "01"]]}, ROWS, ["'01'", "fold 1"]),
        ({"type": "random", "folds": 2}, ROWS, ["allow_speaker_overlap", "group-k-fold"]),
        (
            {"type": "random", "folds": 9, "allow_speaker_overlap": True},
            ROWS,
            ["protocol.folds", "9 folds", "8 clips"],
        ),
        ({"type": "loso"}, table(["", "a"]), ["protocol.type", "1 of 2", "c0", "corpus.speaker"]),
        ({"type": "loso"}, table(["a", "a"]), ["one speaker (a)"]),
        ({"type": "given"}, ROWS, ["none in train"]),
        ({"type": "given"}, table(["1", "2"], ["train", "train"]), ["none in test"]),
        ({"type": "given"}, table(["1", "2", "3"], ["train", "test", ""]), ["c2", "''"]),
        (
            {"type": "given"},
            table(["", "2"], ["train", "test"]),
            ["c0", "allow_speaker_overlap", "corpus.speaker"],
        ),
        ({"type": "loso"}, [], ["no clip"]),
    ],
)
def test_what_cannot_be_carried_out_is_refused_in_words(protocol, rows, words):
    with pytest.raises(UserError) as caught:
        fold_count(protocol, rows)
    for word in words:
        assert word in str(caught.value)


def test_the_same_number_is_nearer_than_other_names():
    rows = table(["007", "17", "27", "37", "47"])
    with pytest.raises(UserError, match="the nearest are '007' "):
        fold_count({"type": "speakers", "test_speakers": [[7]]}, rows)


def test_the_module_imports_the_standard_library_only():
    code = "import sys, serflow.splitting.protocols; print('numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_a_hundred_thousand_clips_are_quick():
    rows = table([str(place % 50) for place in range(100_000)])
    start = time.perf_counter()
    assert fold_count({"type": "loso"}, rows) == 50
    assert time.perf_counter() - start < 1


def test_a_speaker_on_both_sides_of_a_given_split_is_named_unless_allowed():
    rows = [
        {"clip": "a", "label": "x", "speaker": "ann", "split": "train"},
        {"clip": "b", "label": "y", "speaker": "bob", "split": "train"},
        {"clip": "c", "label": "x", "speaker": "ann", "split": "test"},
        {"clip": "d", "label": "y", "speaker": "cleo", "split": "test"},
    ]
    with pytest.raises(UserError, match=r"1 speakers both in train and in test: ann;"):
        fold_count({"type": "given"}, rows)
    assert fold_count({"type": "given", "allow_speaker_overlap": True}, rows) == 1
