"""Signals of fixed length."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from serflow.errors import UserError
from serflow.sound import signals
from serflow.sound.audio import Recording


def recording(samples: np.ndarray, rate: int) -> Recording:
    return Recording(samples.astype(np.float32), rate, 1)


def sine(rate: int, seconds: float, hz: float = 200.0) -> np.ndarray:
    return 10_000 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize(
    ("rate", "size"), [(48_000, 201 * 720), (22_050, 201 * 330), (8_000, 201 * 120)]
)
def test_the_length_is_one_hop_more_than_the_frames(rate, size):
    for seconds in (0.1, 5.0):
        signal = signals.fixed(recording(sine(rate, seconds), rate))
        assert signal.shape == (size,)
        assert signal.dtype == np.float32


def test_without_a_rate_the_samples_stay_as_they_are():
    samples = sine(16_000, 0.1)
    signal = signals.fixed(recording(samples, 16_000), frames=9)
    assert np.array_equal(signal[:1600], samples.astype(np.float32))
    assert not signal[1600:].any()
    same = signals.fixed(recording(samples, 16_000), 16_000, frames=9)
    assert np.array_equal(same, signal)
    cut = signals.fixed(recording(samples, 16_000), frames=4)
    assert np.array_equal(cut, samples[: 5 * 240].astype(np.float32))


@pytest.mark.parametrize(("rate", "target"), [(48_000, 16_000), (8_000, 22_050)])
def test_resampling_keeps_the_sound(rate, target):
    signal = signals.fixed(recording(sine(rate, 2.0), rate), target, frames=99)
    expected = sine(target, 2.0)[: signal.size]
    inner = slice(target // 10, signal.size - target // 10)
    assert np.abs(signal[inner] - expected[inner]).max() < 10
    whole = soxr.resample(sine(rate, 2.0).astype(np.float32), rate, target)
    assert np.array_equal(signal, whole[: signal.size])


def test_a_hop_below_one_sample_is_refused():
    with pytest.raises(UserError, match="hop_seconds"):
        signals.fixed(recording(np.ones(10), 8_000), hop_seconds=1e-5)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_shortest_clips_resample(size):
    signal = signals.fixed(recording(np.full(size, 100.0), 48_000), 16_000)
    assert np.isfinite(signal).all()
