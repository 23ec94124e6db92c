"""Spectrograms in decibels against librosa's."""

from __future__ import annotations

import warnings

import librosa
import numpy as np
import pytest

from serflow.sound import audio
from serflow.sound.decibels import log_mel, stft_decibels


def noise(size: int, seed: int = 0) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    loudness = 1 + np.sin(np.arange(size) / 3000)
    return (generator.normal(size=size) * 3000 * loudness).astype(np.float32)


def stft_by_librosa(samples, frames=40):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # windows longer than the clip
        magnitudes = np.abs(librosa.stft(samples))
    decibels = librosa.amplitude_to_db(magnitudes, ref=np.max)[:, :frames]
    missing = frames - decibels.shape[1]
    return np.pad(decibels, ((0, 0), (0, missing)), constant_values=-80)


def mel_by_librosa(samples, rate, frames=300):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mel = librosa.feature.melspectrogram(
            y=samples / 32768, sr=rate, n_fft=1024, hop_length=rate // 100, n_mels=64
        )
    return librosa.power_to_db(librosa.util.fix_length(mel, size=frames, axis=1), top_db=None)


@pytest.mark.parametrize("size", [1, 511, 512, 2048, 9609, 19_967, 19_968, 20_480, 60_000])
def test_stft_as_librosa_at_any_length(size):
    samples = noise(size)
    ours = stft_decibels(samples)
    assert ours.shape == (1025, 40)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, stft_by_librosa(samples), atol=0.02)


def test_stft_of_a_real_clip_as_librosa(ravdess):
    recording = audio.read_wav(ravdess / "Actor_01" / "03-01-05-02-01-01-01.wav")
    ours = stft_decibels(recording.samples, frames=200)
    np.testing.assert_allclose(ours, stft_by_librosa(recording.samples, 200), atol=0.02)
    assert ours.max() == 0
    assert ours.min() == -80


def test_stft_is_measured_from_the_loudest_even_where_it_is_cut_off():
    """Ten times as loud past the last frame: 20 dB above all that is kept."""
    samples = noise(40_000)
    samples[30_000:] *= 10
    ours = stft_decibels(samples)
    assert ours.max() < -10
    np.testing.assert_allclose(ours, stft_by_librosa(samples), atol=0.02)


def test_stft_loses_the_level_and_survives_silence():
    samples = noise(9000)
    np.testing.assert_allclose(stft_decibels(samples), stft_decibels(samples / 8), atol=1e-3)
    silent = np.zeros(9000, np.float32)
    np.testing.assert_array_equal(stft_decibels(silent), stft_by_librosa(silent))


@pytest.mark.parametrize("size", [1, 159, 160, 1024, 47_840, 48_000, 60_000])
def test_log_mel_as_librosa_at_any_length(size):
    samples = noise(size)
    ours = log_mel(samples, 16_000)
    assert ours.shape == (64, 300)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, mel_by_librosa(samples, 16_000), atol=0.02)


def test_log_mel_of_a_real_clip_as_librosa(ravdess):
    recording = audio.read_wav(ravdess / "Actor_01" / "03-01-05-02-01-01-01.wav")
    ours = log_mel(recording.samples, recording.rate)
    np.testing.assert_allclose(ours, mel_by_librosa(recording.samples, recording.rate), atol=0.02)


def test_log_mel_keeps_the_level():
    """Half the amplitude is 6.02 dB less."""
    samples = noise(48_000)
    fall = log_mel(samples, 16_000) - log_mel(samples / 2, 16_000)
    np.testing.assert_allclose(fall, 20 * np.log10(2), atol=1e-3)
    assert log_mel(np.zeros(1000, np.float32), 16_000).max() == pytest.approx(-100)
