"""Clips standardised within each speaker."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from serflow.networks.speakers import SpeakerStandardised

SPEAKERS = ["b", "a", "b", "a", "c", "b", "c"]


def clips(shape: tuple[int, ...], kind: type) -> np.ndarray:
    generator = np.random.default_rng(0)
    levels = np.array([ord(name) for name in SPEAKERS]).reshape(-1, *[1] * len(shape))
    values: np.ndarray = (levels * generator.normal(3, 1, (len(SPEAKERS), *shape))).astype(kind)
    return values


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_each_row_of_a_speaker_s_spectrograms_has_mean_zero_and_deviation_one(kind: type) -> None:
    standardised = SpeakerStandardised(clips((3, 50), kind), SPEAKERS)
    assert standardised.shape == (7, 3, 50)
    for name in "abc":
        rows = np.flatnonzero(np.array(SPEAKERS) == name)
        found = standardised[rows]
        assert found.dtype == np.float32
        np.testing.assert_allclose(found.mean(axis=(0, 2), dtype=float), 0, atol=1e-5)
        np.testing.assert_allclose(found.std(axis=(0, 2), dtype=float), 1, atol=1e-5)


def test_a_speaker_s_signals_have_one_mean_and_one_deviation() -> None:
    signals = np.array([[1, 3], [10, 10], [5, 7], [30, 10]], np.float32)
    found = SpeakerStandardised(signals, ["x", "y", "x", "y"])[np.array([3, 0])]
    # Of x mean 4 and variance 5; of y mean 15 and variance 75.
    expected = [[15 / 75**0.5, -5 / 75**0.5], [-3 / 5**0.5, -1 / 5**0.5]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_other_speakers_and_labels_have_no_part() -> None:
    values = clips((3, 20), np.float32)
    before = SpeakerStandardised(values, SPEAKERS)[np.array([1, 3])]
    changed = values.copy()
    changed[[0, 2, 4, 5, 6]] *= -7
    np.testing.assert_array_equal(SpeakerStandardised(changed, SPEAKERS)[np.array([1, 3])], before)
    assert list(inspect.signature(SpeakerStandardised).parameters) == ["inputs", "speakers"]


def test_copies_are_standardised_as_the_clips_are() -> None:
    values = clips((3, 20), np.float32)
    copied = np.concatenate([values, 2 * values, values + 5])
    found = SpeakerStandardised(copied, SPEAKERS)
    assert found.shape == (21, 3, 20)
    alone = SpeakerStandardised(values, SPEAKERS)
    np.testing.assert_array_equal(found[np.arange(7)], alone[np.arange(7)])
    # What was added stays, in deviations of the speaker: of clip 4 alone, who is one of c's.
    own = values[[4, 6]].std(axis=(0, 2), dtype=float)[:, None]
    np.testing.assert_allclose((found[[18]] - alone[[4]])[0], 5 / own * np.ones(20), rtol=1e-3)


def test_what_is_stored_is_not_written_to() -> None:
    values = clips((20,), np.float32)
    kept = values.copy()
    SpeakerStandardised(values, SPEAKERS)[np.arange(7)]
    np.testing.assert_array_equal(values, kept)


def test_a_silent_speaker_stays_finite() -> None:
    assert SpeakerStandardised(np.zeros((2, 9), np.float32), ["a", "a"])[np.arange(2)].max() == 0


def test_copies_get_the_mean_and_deviation_of_the_clips_themselves() -> None:
    signals = np.array([[1, 3], [5, 7]], np.float32)
    both = SpeakerStandardised(np.concatenate([signals, 2 * signals]), ["x", "x"])
    # Mean 4 and variance 5.
    expected = [[-3 / 5**0.5, -1 / 5**0.5], [-2 / 5**0.5, 2 / 5**0.5]]
    np.testing.assert_allclose(both[np.array([0, 2])], expected, rtol=1e-6)
