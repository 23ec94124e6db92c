"""MFCC against librosa's."""

from __future__ import annotations

import warnings

import librosa
import numpy as np
import pytest

from serflow.sound import audio, cepstra


def by_librosa(samples, rate, frames, n_mfcc):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # windows longer than the clip, empty filters
        hop = int(rate * 0.015)
        matrix = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=n_mfcc, hop_length=hop)
    return librosa.util.fix_length(matrix, size=frames, axis=1)


def noise(size: int, seed: int = 0) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    return (generator.normal(size=size) * 3000).astype(np.float32)


@pytest.mark.parametrize("name", ["03-01-05-02-01-01-01", "03-01-02-01-01-02-01"])
def test_real_clips_as_librosa(ravdess, name):
    recording = audio.read_wav(ravdess / "Actor_01" / f"{name}.wav")
    ours = cepstra.mfcc(recording.samples, recording.rate)
    assert ours.shape == (40, 200)
    assert ours.dtype == np.float32
    expected = by_librosa(recording.samples, recording.rate, 200, 40)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=2e-3)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 192_000])
@pytest.mark.parametrize("seconds", [0.001, 0.02, 0.3, 1.1])
def test_any_rate_and_length_as_librosa(rate, seconds):
    samples = noise(int(rate * seconds), seed=rate)
    ours = cepstra.mfcc(samples, rate, frames=50, n_mfcc=20)
    expected = by_librosa(samples, rate, 50, 20)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=2e-3)


def test_the_floor_is_below_the_whole_clips_maximum():
    """A bang after the last kept frame lifts the floor of the quiet frames before it."""
    samples = noise(48_000) * np.float32(1e-4)
    samples[40_000:] *= 1e6
    ours = cepstra.mfcc(samples, 16_000, frames=100)
    np.testing.assert_allclose(ours, by_librosa(samples, 16_000, 100, 40), rtol=1e-4, atol=2e-3)
    alone = cepstra.mfcc(samples[:32_000], 16_000, frames=100)
    assert np.abs(alone - ours).max() > 1


def test_fewer_coefficients_are_the_first_rows():
    samples = noise(20_000)
    forty = cepstra.mfcc(samples, 16_000, n_mfcc=40)
    for n_mfcc in (10, 12, 14, 16, 18, 20):
        fewer = cepstra.mfcc(samples, 16_000, n_mfcc=n_mfcc)
        assert np.array_equal(fewer, forty[:n_mfcc])


def test_frames_past_the_end_are_zero():
    ours = cepstra.mfcc(noise(2400), 16_000, frames=30)
    assert ours[0, :11].all()
    assert not ours[:, 11:].any()


def test_silence_is_the_floor_in_the_first_coefficient():
    """All 128 bands at -100 dB: the orthonormal DCT gives -100 * sqrt(128), then zeros."""
    ours = cepstra.mfcc(np.zeros(16_000, np.float32), 16_000, frames=20, n_mfcc=3)
    np.testing.assert_allclose(ours[0], -100 * np.sqrt(128), rtol=1e-6)
    np.testing.assert_allclose(ours[1:], 0, atol=1e-3)
