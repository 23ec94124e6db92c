"""The bootstrap over speakers."""

from __future__ import annotations

import numpy as np
import pytest

from serflow.evaluation import intervals


def by_hand(counts, drawn):
    """UAR of the drawn units, one by one."""
    total = sum(counts[unit] for unit in drawn)
    shares = [right / clips for right, clips in total if clips]
    return sum(shares) / len(shares)


def bootstrap(counts, confidence=0.95, resamples=10_000, seed=0):
    """Interval of one model's UAR from counts (units, classes, [right, clips])."""
    correct, clips = counts[..., 0][:, None, :], counts[..., 1]
    samples = intervals.resampled_uar(correct, clips, resamples=resamples, seed=seed)[:, 0]
    return tuple(float(end) for end in intervals.percentiles(samples, confidence))


def test_draws_choose_as_many_units_as_there_are():
    blocks = list(intervals.draws(5, 1000, seed=0))
    weights = np.concatenate(blocks)
    assert weights.shape == (1000, 5)
    assert (weights.sum(axis=1) == 5).all()
    assert weights.mean(axis=0) == pytest.approx(1, abs=0.1)


def test_blocks_do_not_change_what_is_drawn(monkeypatch):
    whole = np.concatenate(list(intervals.draws(5, 100, seed=3)))
    monkeypatch.setattr(intervals, "BLOCK", 35)
    assert np.array_equal(np.concatenate(list(intervals.draws(5, 100, seed=3))), whole)


def test_many_scores_make_blocks_shorter_and_draw_the_same(monkeypatch):
    whole = np.concatenate(list(intervals.draws(5, 100, seed=3)))
    monkeypatch.setattr(intervals, "BLOCK", 350)
    blocks = list(intervals.draws(5, 100, seed=3, scores=50))
    assert max(map(len, blocks)) == 7
    assert np.array_equal(np.concatenate(blocks), whole)


def test_resampled_uar_is_that_of_the_drawn_units():
    random = np.random.default_rng(1)
    clips = random.integers(0, 4, (6, 3)).astype(float)
    correct = np.stack([np.floor(clips * 0.6), clips], axis=1)
    found = intervals.resampled_uar(correct, clips, resamples=50, seed=2)
    weights = np.concatenate(list(intervals.draws(6, 50, seed=2))).astype(int)
    counts = np.stack([correct[:, 0], clips], axis=-1)
    for place in range(50):
        drawn = np.repeat(np.arange(6), weights[place])
        assert found[place, 0] == pytest.approx(by_hand(counts, drawn))
    assert found[:, 1] == pytest.approx(1)


def test_a_class_that_was_not_drawn_is_left_out():
    # Unit 0 has class 0 only, all right; unit 1 class 1 only, all wrong.
    clips = np.array([[1.0, 0.0], [0.0, 1.0]])
    correct = np.array([[[1.0, 0.0]], [[0.0, 0.0]]])
    found = intervals.resampled_uar(correct, clips, resamples=200, seed=0)[:, 0]
    assert set(found) == {0.0, 0.5, 1.0}


def test_interval_of_two_speakers_by_hand():
    # One class, speaker 0 all right, speaker 1 all wrong: the UAR is 0, 1/2 or 1 with chances
    # 1/4, 1/2, 1/4.
    counts = np.array([[[4.0, 4.0]], [[0.0, 4.0]]])
    assert bootstrap(counts) == (0.0, 1.0)
    assert bootstrap(counts, confidence=0.4) == (0.5, 0.5)


def test_equal_speakers_leave_no_doubt_and_the_seed_decides():
    even = np.array([[[3.0, 4.0], [1.0, 4.0]]] * 5)
    assert bootstrap(even) == pytest.approx((0.5, 0.5))
    uneven = even.copy()
    uneven[:, 0, 0] = [0, 1, 2, 3, 4]
    first = bootstrap(uneven, resamples=300, seed=1)
    assert first == bootstrap(uneven, resamples=300, seed=1)
    assert first != bootstrap(uneven, resamples=300, seed=2)
    assert first[0] < (0.5 + 0.25) / 2 < first[1]


def test_the_interval_is_that_of_the_normal_approximation_for_many_speakers():
    random = np.random.default_rng(0)
    right = random.integers(0, 11, 400).astype(float)
    counts = np.stack([right, np.full(400, 10.0)], axis=-1)[:, None, :]
    low, high = bootstrap(counts)
    estimate = right.mean() / 10
    half = 1.96 * (right / 10).std() / np.sqrt(400)
    assert (estimate - low, high - estimate) == pytest.approx((half, half), rel=0.05)


@pytest.mark.parametrize(
    ("speakers", "index", "unit"),
    [
        (["b", "a", "b"], [1, 0, 1], "speakers"),
        (["b", "", "b"], [0, 1, 2], "clips"),
        (["b", "b"], [0, 1], "clips"),
    ],
)
def test_units(speakers, index, unit):
    found, name = intervals.units(speakers)
    assert (found.tolist(), name) == (index, unit)
