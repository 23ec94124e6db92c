"""When two models are said to differ."""

from __future__ import annotations

from math import nan

import pytest

from serflow.evaluation.claims import sure, threshold


def test_threshold_is_what_the_confidence_leaves():
    assert threshold(0.95) == 0.05
    assert threshold(0.9) == 0.1


@pytest.mark.parametrize(
    ("low", "high", "p_holm", "confidence", "wanted"),
    [
        (0.01, 0.2, 0.04, 0.95, True),
        (-0.2, -0.01, 0.04, 0.95, True),
        (0.01, 0.2, 0.05, 0.95, False),
        (0.01, 0.2, 0.08, 0.9, True),
        (0.01, 0.2, 0.04, 0.99, False),
        (-0.01, 0.2, 0.001, 0.95, False),
        (0.0, 0.2, 0.001, 0.95, False),
        (nan, nan, 0.001, 0.95, False),
        (0.01, 0.2, nan, 0.95, False),
    ],
)
def test_interval_and_test_have_to_agree(low, high, p_holm, confidence, wanted):
    assert sure(low, high, p_holm, confidence) is wanted
