"""Expected calibration error, by hand and against the definition clip by clip."""

from __future__ import annotations

import numpy as np
import pytest

from serflow.evaluation.calibration import BINS, binned


def test_by_hand():
    # Two bins: (0.4, 7/15] with 2 clips, one right; the last with 2 clips, both right.
    found = binned([[0.42, 0.44, 0.95, 1.0]], [[True, False, True, True]])
    assert found.error == pytest.approx((abs(1 - 0.86) + abs(2 - 1.95)) / 4)
    first, last = found.rows("m")
    assert (first["predictions"], first["accuracy"], last["bin"]) == (2, 0.5, BINS - 1)
    assert first["confidence"] == pytest.approx(0.43)
    assert (first["low"], first["high"]) == pytest.approx((6 / 15, 7 / 15))


def test_error_is_the_mean_over_seeds_and_rows_are_of_all_seeds():
    # Each seed alone is off by one half; taken together they would look calibrated.
    found = binned([[0.5, 0.5], [0.5, 0.5]], [[True, True], [False, False]])
    assert found.error == 0.5
    (row,) = found.rows("m")
    assert (row["predictions"], row["confidence"], row["accuracy"]) == (4, 0.5, 0.5)


def test_against_a_loop():
    random = np.random.default_rng(0)
    confidence = random.random((3, 400))
    right = random.random((3, 400)) < confidence**2
    errors = []
    for seed in range(3):
        error = 0.0
        for place in range(BINS):
            inside = (confidence[seed] > place / BINS) & (confidence[seed] <= (place + 1) / BINS)
            if inside.any():
                gap = abs(right[seed][inside].mean() - confidence[seed][inside].mean())
                error += inside.mean() * gap
        errors.append(error)
    assert binned(confidence, right).error == pytest.approx(np.mean(errors))


def test_what_is_calibrated_has_almost_no_error():
    random = np.random.default_rng(1)
    confidence = random.uniform(0.25, 1, (1, 50_000))
    assert binned(confidence, random.random((1, 50_000)) < confidence).error < 0.02
    assert binned(confidence, random.random((1, 50_000)) < confidence - 0.2).error > 0.15
