"""Paired tests by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from serflow.evaluation import comparisons, intervals, metrics


def test_parts_add_up_to_the_uar():
    random = np.random.default_rng(0)
    clips = random.integers(1, 6, (7, 4)).astype(float)
    clips[:, 2] = 0  # a class that is only ever predicted
    correct = np.floor(clips[:, None, :] * random.random((7, 2, 4)))
    total = correct.sum(axis=0) / np.where(clips.sum(axis=0) > 0, clips.sum(axis=0), np.nan)
    assert comparisons.parts(correct, clips).sum(axis=0) == pytest.approx(metrics.mean_known(total))


def test_three_speakers_by_hand():
    # Of the eight sums ±1 ±2 ±4 only 7 and −7 reach 7; 5 is reached by ±7 and ±5.
    assert comparisons.sign_flip_p([[1.0], [2.0], [4.0]]) == pytest.approx([2 / 8])
    assert comparisons.sign_flip_p([[-1.0], [2.0], [4.0]]) == pytest.approx([4 / 8])


def test_no_difference_has_p_1():
    assert comparisons.sign_flip_p(np.zeros((5, 1))) == pytest.approx([1])
    assert comparisons.sign_flip_p(np.zeros((30, 1))) == pytest.approx([1])


def test_sums_that_rounding_makes_unequal_count_as_equal():
    assert comparisons.sign_flip_p([[0.1], [0.2], [-0.3], [0.3]])[0] == pytest.approx(
        comparisons.sign_flip_p([[1.0], [2.0], [-3.0], [3.0]])[0]
    )


def test_against_scipy():
    differences = np.random.default_rng(4).normal(0.3, 1, 10)
    found = stats.permutation_test(
        (differences,), np.sum, permutation_type="samples", n_resamples=np.inf
    )
    assert comparisons.sign_flip_p(differences[:, None])[0] == pytest.approx(found.pvalue)


def test_drawn_patterns_come_near_all_patterns(monkeypatch):
    differences = np.random.default_rng(5).normal(0.4, 1, (12, 3))
    exact = comparisons.sign_flip_p(differences)
    monkeypatch.setattr(comparisons, "EXACT", 0)
    drawn = comparisons.sign_flip_p(differences)
    assert drawn == pytest.approx(exact, abs=0.012)
    assert np.array_equal(drawn, comparisons.sign_flip_p(differences))


def test_drawn_p_is_never_zero():
    assert comparisons.sign_flip_p(np.ones((60, 1))) == pytest.approx([1 / 200_001])


def test_holm_by_hand():
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1 is 0.02, 0.03, 0.06, 0.04, but never falling.
    assert comparisons.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert comparisons.holm([0.6, 0.7]) == pytest.approx([1, 1])
    assert comparisons.holm([]).size == 0


def test_pairs_by_hand():
    # Two classes, two clips of each by each of three speakers.
    clips = np.full((3, 2), 2.0)
    best = np.full((3, 2), 2.0)
    half = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    correct = np.stack([half, best, half], axis=1)
    resampled = intervals.resampled_uar(correct, clips, resamples=500, seed=0)
    rows = comparisons.pairs(["a", "b", "c"], correct, clips, resampled)
    assert [(row["model_a"], row["model_b"]) for row in rows] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]
    assert [row["difference"] for row in rows] == pytest.approx([-0.5, 0, 0.5])
    assert [row["p_value"] for row in rows] == pytest.approx([0.25, 1, 0.25])
    assert [row["p_holm"] for row in rows] == pytest.approx([0.75, 1, 0.75])
    # Each speaker has half of the clips right, so no resample changes the difference.
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx((-0.5, -0.5))


def test_one_model_has_no_pairs():
    clips = np.ones((3, 2))
    assert comparisons.pairs(["a"], clips[:, None, :], clips, np.ones((10, 1))) == []
