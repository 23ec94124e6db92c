"""Mel spectrograms against librosa's, over rates, lengths and powers."""

from __future__ import annotations

import warnings

import librosa
import numpy as np
import pytest

from serflow.errors import UserError
from serflow.sound import audio, frames, mel_scale, spectra

SMALL = spectra.Analysis(n_fft=1024, hop_seconds=0.015, n_mels=64, frames=30)


def by_librosa(samples, rate, analysis, power):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # empty filters, windows longer than the clip
        spectrogram = librosa.feature.melspectrogram(
            y=samples,
            sr=rate,
            n_fft=analysis.n_fft,
            hop_length=int(rate * analysis.hop_seconds),
            n_mels=analysis.n_mels,
            power=power,
        )
    return librosa.util.fix_length(spectrogram, size=analysis.frames, axis=1)


def assert_close(ours, expected):
    assert ours.dtype == np.float32
    assert ours.shape == expected.shape
    assert np.abs(ours - expected).max() <= 1e-3 * expected.max()


def noise(size: int, seed: int = 0) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    return (generator.normal(size=size) * 3000).astype(np.float32)


@pytest.mark.parametrize("power", [2, 1])
@pytest.mark.parametrize("name", ["03-01-05-02-01-01-01", "03-01-02-01-01-02-01"])
def test_real_clips_as_librosa(ravdess, name, power):
    recording = audio.read_wav(ravdess / "Actor_01" / f"{name}.wav")
    analysis = spectra.Analysis()
    ours = spectra.mel_spectrogram(recording.samples, recording.rate, analysis, power)
    expected = by_librosa(recording.samples, recording.rate, analysis, power)
    assert ours.shape == (3401, 200)
    assert_close(ours, expected)
    # Far below the peak as well: relative to each cell, except where the float32 FFT's noise is.
    audible = expected > 1e-6 * expected.max()
    np.testing.assert_allclose(ours[audible], expected[audible], rtol=1e-2)


@pytest.mark.parametrize("power", [2, 1, 1.5])
@pytest.mark.parametrize("rate", [4_000, 8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_any_rate_as_librosa(rate, power):
    samples = noise(rate // 3, seed=rate)
    ours = spectra.mel_spectrogram(samples, rate, SMALL, power)
    assert_close(ours, by_librosa(samples, rate, SMALL, power))


@pytest.mark.parametrize("size", [1, 2, 100, 239, 240, 241, 511, 512, 1023, 1024, 7200, 20_000])
@pytest.mark.parametrize("n_fft", [1024, 1023, 64])
def test_any_length_as_librosa(size, n_fft):
    """At 16 kHz the hop is 240: shorter than a hop, than a window, and longer than 30 frames."""
    analysis = spectra.Analysis(n_fft=n_fft, n_mels=10, frames=30)
    samples = noise(size, seed=size)
    ours = spectra.mel_spectrogram(samples, 16_000, analysis)
    assert_close(ours, by_librosa(samples, 16_000, analysis, 2))


def test_frames_past_the_end_are_zero():
    samples = noise(2400)
    ours = spectra.mel_spectrogram(samples, 16_000, SMALL)
    assert frames.frame_count(2400, 1024, 240) == 11
    assert ours[:, :11].max(axis=0).min() > 0
    assert not ours[:, 11:].any()


def test_samples_past_the_kept_frames_are_not_touched():
    """The last of 30 frames is centred on sample 29 * 240 and reaches 512 samples further."""
    samples = noise(20_000)
    end = 29 * 240 + 512
    poisoned = samples.copy()
    poisoned[end:] = np.nan
    expected = spectra.mel_spectrogram(samples, 16_000, SMALL)
    assert np.array_equal(spectra.mel_spectrogram(poisoned, 16_000, SMALL), expected)
    poisoned[end - 2] = np.nan
    assert np.isnan(spectra.mel_spectrogram(poisoned, 16_000, SMALL)).any()


def test_several_powers_from_one_transform_are_the_single_ones():
    samples = noise(9000)
    together = spectra.mel_spectrograms(samples, 16_000, SMALL, (1, 2, 1))
    for spectrogram, power in zip(together, (1, 2, 1), strict=True):
        alone = spectra.mel_spectrogram(samples, 16_000, SMALL, power)
        assert np.array_equal(spectrogram, alone)


def test_the_number_of_frames_does_not_change_a_frame():
    """Blocks end elsewhere, the frames stay the same, bit for bit."""
    samples = noise(48_000)
    long = spectra.mel_spectrogram(samples, 48_000, spectra.Analysis(n_mels=200, frames=60))
    short = spectra.mel_spectrogram(samples, 48_000, spectra.Analysis(n_mels=200, frames=37))
    assert np.array_equal(long[:, :37], short)


def test_a_sine_is_loudest_in_its_band():
    seconds = np.arange(16_000) / 16_000
    samples = (10_000 * np.sin(2 * np.pi * 1000.0 * seconds)).astype(np.float32)
    ours = spectra.mel_spectrogram(samples, 16_000, SMALL)
    loudest = ours[:, 15].argmax()
    assert loudest == np.abs(mel_scale.centres(16_000, 64) - 1000.0).argmin()


def test_silence_is_zero():
    assert not spectra.mel_spectrogram(np.zeros(5000, np.float32), 16_000, SMALL).any()


def test_analysis_comes_from_the_configurations_keys():
    sheet = {"n_fft": 16384, "hop_seconds": 0.015, "n_mels": 3401, "frames": 200}
    settings = {f"spectrogram.{key}": value for key, value in sheet.items()} | {"code": "x"}
    assert spectra.Analysis.of(settings) == spectra.Analysis(**sheet) == spectra.Analysis()
    settings["spectrogram.frames"] = 7
    assert spectra.Analysis.of(settings).frames == 7


@pytest.mark.parametrize(
    ("rate", "hop"), [(48_000, 720), (44_100, 661), (22_050, 330), (16_000, 240), (8_000, 120)]
)
def test_the_hop_is_rounded_down(rate, hop):
    assert frames.hop_length(rate, 0.015) == hop


def test_a_hop_below_one_sample_is_refused():
    with pytest.raises(UserError, match="hop_seconds"):
        frames.hop_length(8_000, 0.0001)
