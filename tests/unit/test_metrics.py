"""Metrics by hand and against scikit-learn."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import sklearn.metrics as oracle

from serflow.evaluation import metrics

# Rows are true classes: 4 clips of class 0 (3 right), 2 of class 1 (1 right), none of class 2.
COUNTS = np.array([[3, 1, 0], [0, 1, 1], [0, 0, 0]])


def test_by_hand():
    assert metrics.recalls(COUNTS)[:2] == pytest.approx([0.75, 0.5])
    assert np.isnan(metrics.recalls(COUNTS)[2])
    assert metrics.uar(COUNTS) == pytest.approx(0.625)
    assert metrics.accuracy(COUNTS) == pytest.approx(4 / 6)
    assert metrics.precisions(COUNTS) == pytest.approx([1, 0.5, 0])
    # 2·3/(4+3), 2·1/(2+2), 0/(0+1)
    assert metrics.f1_scores(COUNTS) == pytest.approx([6 / 7, 0.5, 0])
    assert metrics.macro_f1(COUNTS) == pytest.approx((6 / 7 + 0.5) / 3)


def test_a_class_neither_true_nor_predicted_has_no_f1():
    assert np.isnan(metrics.f1_scores([[1, 0], [0, 0]])[1])
    assert metrics.macro_f1([[1, 0], [0, 0]]) == 1


def test_a_class_never_predicted_has_precision_0():
    assert metrics.precisions([[2, 0], [1, 0]]) == pytest.approx([2 / 3, 0])


def test_nothing_at_all_is_not_a_number_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(metrics.uar(np.zeros((2, 2))))
        assert np.isnan(metrics.accuracy(np.zeros((2, 2))))


def test_confusion_counts():
    counts = metrics.confusion([0, 0, 1, 2], [[0, 1, 1, 0], [0, 0, 2, 2]], 3)
    assert counts.tolist() == [
        [[1, 1, 0], [0, 1, 0], [1, 0, 0]],
        [[2, 0, 0], [0, 0, 1], [0, 0, 1]],
    ]


def test_confusion_by_counts_each_group_alone():
    random = np.random.default_rng(0)
    group = random.integers(-1, 3, 50)
    truth, predicted = random.integers(0, 4, 50), random.integers(0, 4, (2, 50))
    counts = metrics.confusion_by(group, 4, truth, predicted, 4)
    assert counts.shape == (2, 4, 4, 4)
    for one in range(4):
        alone = metrics.confusion(truth[group == one], predicted[:, group == one], 4)
        assert np.array_equal(counts[:, one], alone)
    # The fourth group has no clip, and clips of group -1 are nowhere.
    assert counts.sum() == 2 * (group >= 0).sum()


@pytest.mark.parametrize("seed", range(5))
def test_against_scikit_learn(seed):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 4, 60)
    predicted = np.where(random.random((3, 60)) < 0.5, truth, random.integers(0, 4, (3, 60)))
    counts = metrics.confusion(truth, predicted, 4)
    for place in range(3):
        pair = truth, predicted[place]
        assert counts[place].tolist() == oracle.confusion_matrix(*pair).tolist()
        assert metrics.uar(counts)[place] == pytest.approx(oracle.balanced_accuracy_score(*pair))
        assert metrics.accuracy(counts)[place] == pytest.approx(oracle.accuracy_score(*pair))
        precision, recall, f1, _ = oracle.precision_recall_fscore_support(*pair, zero_division=0)
        assert metrics.precisions(counts)[place] == pytest.approx(precision)
        assert metrics.recalls(counts)[place] == pytest.approx(recall)
        assert metrics.f1_scores(counts)[place] == pytest.approx(f1)
        assert metrics.macro_f1(counts)[place] == pytest.approx(f1.mean())


def test_mean_known_leaves_gaps_out():
    assert metrics.mean_known([[1, np.nan, 3], [np.nan, 2, np.nan]]) == pytest.approx([2, 2])
