"""Spectrograms that networks read, against librosa's."""

from __future__ import annotations

import warnings
from typing import Any

import librosa
import numpy as np
import pytest

from serflow.sound.views import frame_features, spectrogram

LOG_MEL: dict[str, Any] = {
    "kind": "log_mel",
    "rate": 16000,
    "n_fft": 512,
    "hop_seconds": 0.01,
    "n_mels": 40,
}
MFCC: dict[str, Any] = {**LOG_MEL, "kind": "mfcc", "n_mfcc": 13}
STFT: dict[str, Any] = {"kind": "stft", "rate": 8000, "n_fft": 512, "hop_length": 128}
HALF = 0.07
"""What half precision leaves of a hundred decibels."""


def noise(size: int, seed: int = 0) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    loudness = 1 + np.sin(np.arange(size) / 3000)
    return (generator.normal(size=size) * 3000 * loudness).astype(np.float32)


def librosa_log_mel(samples: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # windows longer than the clip
        mel = librosa.feature.melspectrogram(
            y=samples / 32768, sr=16000, n_fft=512, hop_length=160, n_mels=40
        )
    decibels: np.ndarray = librosa.power_to_db(mel, top_db=None)
    return decibels


@pytest.mark.parametrize("size", [1, 159, 160, 1700, 16000, 24001])
def test_log_mel_is_librosa_s_of_the_whole_signal(size: int) -> None:
    samples = noise(size)
    found = spectrogram(samples, LOG_MEL)
    expected = librosa_log_mel(samples)
    assert found.dtype == np.float16
    assert found.shape == expected.shape == (40, 1 + size // 160)
    np.testing.assert_allclose(found, expected, atol=HALF)


@pytest.mark.parametrize("size", [300, 8000])
def test_stft_is_librosa_s_below_the_loudest(size: int) -> None:
    samples = noise(size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        magnitudes = np.abs(librosa.stft(samples, n_fft=512, hop_length=128))
    found = spectrogram(samples, STFT)
    assert found.dtype == np.float16
    np.testing.assert_allclose(
        found.astype(float), librosa.amplitude_to_db(magnitudes, ref=np.max), atol=HALF
    )
    assert found.max() == 0


@pytest.mark.parametrize("size", [1440, 1600, 16000])
def test_mfcc_and_deltas_are_librosa_s_of_the_same_decibels(size: int) -> None:
    samples = noise(size)
    found = spectrogram(samples, MFCC)
    decibels = librosa_log_mel(samples)
    assert decibels.shape[1] >= 9
    mfcc = librosa.feature.mfcc(S=decibels, n_mfcc=13)
    np.testing.assert_allclose(found[:13], mfcc, rtol=1e-3, atol=HALF)
    np.testing.assert_allclose(found[13:], librosa.feature.delta(mfcc), rtol=1e-3, atol=HALF)


def test_frame_features_to_the_last_digit() -> None:
    bands = np.random.default_rng(0).normal(-40, 15, (40, 60)).astype(np.float32)
    found = frame_features(bands, 20)
    mfcc = librosa.feature.mfcc(S=bands, n_mfcc=20)
    assert found.dtype == np.float32
    assert found.shape == (40, 60)
    np.testing.assert_allclose(found[:20], mfcc, atol=1e-3)
    np.testing.assert_allclose(found[20:], librosa.feature.delta(mfcc), atol=1e-3)


@pytest.mark.parametrize(("frames", "width"), [(3, 3), (4, 3), (5, 5), (8, 7), (9, 9), (10, 9)])
def test_slopes_of_few_frames_are_over_as_many_as_there_are(frames: int, width: int) -> None:
    bands = np.random.default_rng(frames).normal(0, 15, (8, frames)).astype(np.float32)
    found = frame_features(bands, 4)
    expected = librosa.feature.delta(found[:4], width=width)
    np.testing.assert_allclose(found[4:], expected, atol=1e-4)


@pytest.mark.parametrize("frames", [1, 2])
def test_one_or_two_frames_have_no_slope(frames: int) -> None:
    bands = np.random.default_rng(0).normal(0, 15, (8, frames)).astype(np.float32)
    assert not frame_features(bands, 4)[4:].any()


def test_a_rising_line_has_its_slope() -> None:
    # Of a spectrum that rises by 2 dB in each band and frame the first coefficient does by 2·√8.
    bands = np.tile(2 * np.arange(12, dtype=np.float32), (8, 1))
    slopes = frame_features(bands, 2)[2:]
    np.testing.assert_allclose(slopes[0], 2 * 8**0.5, rtol=1e-5)
    np.testing.assert_allclose(slopes[1], 0, atol=1e-4)


def test_silence_is_finite() -> None:
    for view in (STFT, LOG_MEL, MFCC):
        assert np.isfinite(spectrogram(np.zeros(4000, np.float32), view)).all()
