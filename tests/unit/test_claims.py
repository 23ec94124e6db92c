"""When two models are said to differ."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from serflow.evaluation.claims import PATTERNS, smallest_p, smallest_p_holm, sure, threshold
from serflow.evaluation.comparisons import sign_flip_p
from serflow.evaluation.contrasts import powerless


def test_threshold_is_what_the_confidence_leaves():
    assert threshold(0.95) == 0.05
    assert threshold(0.9) == 0.1


@pytest.mark.parametrize("units", [1, 2, 6])
def test_the_smallest_p_is_that_of_differences_of_one_sign(units):
    assert smallest_p(units) == 2 / 2**units == sign_flip_p(np.ones((units, 1)))[0]


def test_where_patterns_are_drawn_their_number_is_the_limit():
    assert smallest_p(18) == 2 / 2**18
    assert smallest_p(19) == 1 / (PATTERNS + 1)


def test_holms_correction_raises_it_up_to_one():
    assert smallest_p_holm(6, 3) == 3 * 2 / 64
    assert smallest_p_holm(3, 10) == 1


@pytest.mark.parametrize(
    ("speakers", "comparisons", "confidence", "floor"),
    [
        (4, 5, 0.95, "0.625"),
        (6, 1, 0.95, ""),
        (6, 2, 0.95, "0.062"),
        (6, 2, 0.9, ""),
        (6, 1, 0.99, "0.031"),
        (2, 0, 0.95, ""),
    ],
)
def test_it_is_told_where_nothing_can_pass(speakers, comparisons, confidence, floor):
    told = powerless(speakers, comparisons, "share", confidence)
    assert bool(told) is bool(floor)
    assert floor in told
    assert told.startswith(f"with {speakers} speakers and {comparisons} share" if floor else "")


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
