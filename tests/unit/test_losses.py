"""Losses and metrics of estimated numbers, by hand and against each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from serflow.evaluation import regression
from serflow.networks.losses import ccc_loss, pearson_loss

RISING, DOUBLE = [1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0]
"""Means 2.5 and 5, variances 1.25 and 5, covariance 2.5."""
NUMBERS = st.floats(-100, 100, width=32)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=20)


def test_by_hand() -> None:
    estimated, truth = torch.tensor(DOUBLE), torch.tensor(RISING)
    assert float(pearson_loss(estimated, truth)) == pytest.approx(0, abs=1e-6)
    assert float(pearson_loss(-estimated, truth)) == pytest.approx(2)
    # 1 − 2 · 2.5 / (1.25 + 5 + 2.5²)
    assert float(ccc_loss(estimated, truth)) == pytest.approx(0.6)
    assert float(ccc_loss(truth, truth)) == pytest.approx(0, abs=1e-6)
    assert regression.pearson(RISING, DOUBLE) == pytest.approx(1)
    assert regression.ccc(RISING, DOUBLE) == pytest.approx(0.4)
    assert regression.rmse(RISING, DOUBLE) == pytest.approx(math.sqrt(30 / 4))
    # Covariance (−1·0 + 0·1 + 1·−1)/3, variances 2/3 each.
    assert regression.pearson([0, 1, 2], [1, 2, 0]) == pytest.approx(-0.5)


@pytest.mark.parametrize("loss", [pearson_loss, ccc_loss])
def test_a_column_is_as_good_as_a_vector(loss: object) -> None:
    assert callable(loss)
    estimated, truth = torch.tensor([0.3, -1.0, 2.0]), torch.tensor([1.0, 0.5, 0.0])
    expected = loss(estimated, truth)
    assert torch.equal(loss(estimated[:, None], truth), expected)
    assert torch.equal(loss(estimated[:, None], truth[:, None]), expected)


@pytest.mark.parametrize("loss", [pearson_loss, ccc_loss])
@pytest.mark.parametrize("truth", [RISING, [0.5] * 4])
def test_a_constant_estimate_costs_1_and_still_teaches(loss: object, truth: list[float]) -> None:
    assert callable(loss)
    estimated = torch.full((4,), 0.5, requires_grad=True)
    cost = loss(estimated, torch.tensor(truth))
    assert float(cost.detach()) == pytest.approx(1)
    cost.backward()
    assert estimated.grad is not None
    assert bool(estimated.grad.isfinite().all())
    if truth == RISING:
        # Down the slope the later, higher clips rise.
        assert bool((-estimated.grad).diff().gt(0).all())


@pytest.mark.parametrize("metric", [regression.pearson, regression.ccc])
def test_a_constant_estimate_scores_0(metric: object) -> None:
    assert callable(metric)
    assert metric(RISING, [0.1] * 4) == 0
    assert metric([0.1] * 3, [0.1] * 3) == 0


@given(PAIRS)
def test_losses_are_1_minus_the_metrics(pairs: list[tuple[float, float]]) -> None:
    truth, estimated = np.array(pairs).T
    if min(np.ptp(truth), np.ptp(estimated)) < 0.1:
        return
    tensors = torch.tensor(estimated), torch.tensor(truth)
    pearson, ccc = regression.pearson(truth, estimated), regression.ccc(truth, estimated)
    assert float(pearson_loss(*tensors)) == pytest.approx(1 - pearson, abs=1e-4)
    assert float(ccc_loss(*tensors)) == pytest.approx(1 - ccc, abs=1e-4)
    assert pearson == pytest.approx(np.corrcoef(truth, estimated)[0, 1], abs=1e-9)
    assert abs(ccc) <= abs(pearson) + 1e-9
