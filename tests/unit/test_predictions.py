"""Prediction tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from serflow.evaluation import predictions

LABELS = ["Calm", "Joy", "Sad"]


def test_the_most_probable_label_and_of_equals_the_first(tmp_path: Path):
    probabilities = np.array([[0.2, 0.2, 0.6], [0.4, 0.4, 0.2]])
    rows = predictions.rows_of(["b", "a"], ["02", "01"], ["Sad", "Joy"], LABELS, probabilities)
    predictions.write(tmp_path / "p.tsv", rows, LABELS)
    assert (tmp_path / "p.tsv").read_text() == (
        "clip\tspeaker\tlabel\tpredicted\tp_Calm\tp_Joy\tp_Sad\n"
        "a\t01\tJoy\tCalm\t0.4\t0.4\t0.2\n"
        "b\t02\tSad\tSad\t0.2\t0.2\t0.6\n"
    )
    assert predictions.read(tmp_path / "p.tsv")[0] == {
        "clip": "a",
        "speaker": "01",
        "label": "Joy",
        "predicted": "Calm",
        "p_Calm": "0.4",
        "p_Joy": "0.4",
        "p_Sad": "0.2",
    }


def test_tables_are_read_when_their_turn_comes(tmp_path: Path):
    rows = predictions.rows_of(["a"], ["01"], ["Joy"], LABELS, np.array([[0.0, 1.0, 0.0]]))
    predictions.write(tmp_path / "first.tsv", rows, LABELS)
    jobs = predictions.jobs([(0, 1, tmp_path / "first.tsv"), (1, 1, tmp_path / "second.tsv")])
    fold, seed, [row] = next(jobs)
    assert (fold, seed, row["clip"]) == (0, 1, "a")
    predictions.write(tmp_path / "second.tsv", [], LABELS)
    assert list(jobs) == [(1, 1, [])]


def test_numpy_strings_become_plain():
    [row] = predictions.rows_of(
        np.array(["a"]), np.array(["01"]), np.array(["Joy"]), LABELS, np.array([[0.0, 1.0, 0.0]])
    )
    assert {type(value) for value in row.values()} == {str, float}


@pytest.mark.parametrize("shape", [(1, 2), (2, 3)])
def test_probabilities_of_another_shape_are_a_defect(shape: tuple[int, int]):
    with pytest.raises(ValueError, match="zip"):
        predictions.rows_of(["a"], ["01"], ["Joy"], LABELS, np.ones(shape))
