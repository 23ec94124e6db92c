"""What a network of classes is trained for."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight

from serflow.networks.objectives import Classification, objective

SETTINGS = {"family": "cnn2d", "class_weights": "none", "label_smoothing": 0.0}
LOGITS = torch.log(torch.tensor([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]))
TRUTH = torch.tensor([0, 1, 2])


def test_balanced_weights_are_scikit_learn_s() -> None:
    truth = np.array([0] * 7 + [1] * 2 + [2] * 3)
    found = objective({**SETTINGS, "class_weights": "balanced"}, torch.from_numpy(truth), 3)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=truth)
    np.testing.assert_allclose(found.weights.numpy(), expected, rtol=1e-6)
    assert objective(SETTINGS, torch.from_numpy(truth), 3).weights is None


def test_a_class_without_clips_has_a_finite_weight() -> None:
    found = objective({**SETTINGS, "class_weights": "balanced"}, torch.tensor([0, 0, 2]), 3)
    assert bool(found.weights.isfinite().all())


def test_loss_by_hand() -> None:
    loss = Classification().loss(LOGITS, TRUTH)
    assert float(loss) == pytest.approx(-math.log(0.7 * 0.5 * 0.1) / 3)


def test_weighted_loss_by_hand() -> None:
    loss = Classification(torch.tensor([1.0, 2.0, 5.0])).loss(LOGITS, TRUTH)
    terms = -math.log(0.7) - 2 * math.log(0.5) - 5 * math.log(0.1)
    assert float(loss) == pytest.approx(terms / 8)


def test_smoothed_loss_by_hand() -> None:
    """A share of 0.3 goes to all three classes alike: 0.8 for the true one, 0.1 for each other."""
    loss = Classification(smoothing=0.3).loss(LOGITS[:1], TRUTH[:1])
    expected = -0.8 * math.log(0.7) - 0.1 * math.log(0.2) - 0.1 * math.log(0.1)
    assert float(loss) == pytest.approx(expected)


def test_scores_are_neither_weighted_nor_smoothed() -> None:
    plain = Classification()
    odd = Classification(torch.tensor([1.0, 2.0, 5.0]), smoothing=0.3)
    logits, truth = torch.cat([LOGITS, LOGITS[:1]]), torch.tensor([0, 1, 2, 0])
    assert odd.scores(logits, truth) == plain.scores(logits, truth)
    loss, accuracy, uar = plain.scores(logits, truth)
    assert loss == pytest.approx(-math.log(0.7 * 0.5 * 0.1 * 0.7) / 4)
    assert (accuracy, uar) == (pytest.approx(3 / 4), pytest.approx(2 / 3))
    assert len(plain.columns) == 3


def test_better_is_the_higher_uar_then_the_lower_loss() -> None:
    rank = Classification.rank
    assert rank((2.0, 0.1, 0.8)) > rank((0.5, 0.9, 0.7))
    assert rank((0.5, 0.1, 0.8)) > rank((0.6, 0.9, 0.8))
