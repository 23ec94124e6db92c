"""Areas under ROC curves, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from serflow.evaluation.discrimination import roc_auc


def made_up(clips=300, classes=4, folds=3):
    random = np.random.default_rng(0)
    truth = random.integers(0, classes, clips)
    # Two digits: ties are frequent.
    scores = np.round(random.random((clips, classes)) + 0.3 * np.eye(classes)[truth], 2)
    return scores, truth, np.arange(clips) % folds


def test_is_the_mean_over_folds_of_scikit_learns():
    scores, truth, fold = made_up()
    wanted = [
        np.mean(
            [roc_auc_score(truth[fold == at] == one, scores[fold == at, one]) for at in range(3)]
        )
        for one in range(4)
    ]
    np.testing.assert_allclose(roc_auc(scores, truth, fold, 3), wanted)


def test_a_scale_of_its_own_in_each_fold_changes_nothing():
    scores, truth, fold = made_up()
    before = roc_auc(scores, truth, fold, 3)
    np.testing.assert_allclose(roc_auc(scores + 10 * fold[:, None], truth, fold, 3), before)
    pooled = roc_auc(scores + 10 * (fold * truth)[:, None], truth, np.zeros_like(fold), 1)
    assert not np.allclose(pooled, before, atol=0.05)


def test_folds_without_a_class_are_left_out():
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])
    areas = roc_auc(scores, np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    assert areas.tolist() == [1, 1]
    nothing = roc_auc(scores[2:], np.array([1]), np.array([0]), 1)
    assert np.isnan(nothing).all()


def test_what_is_constant_in_a_fold_is_a_guess():
    fold = np.array([0, 0, 1, 1])
    scores = np.array([[0.0], [0.0], [1.0], [1.0]])
    assert roc_auc(scores, np.array([0, 1, 0, 1]), fold, 2) == pytest.approx([0.5])
