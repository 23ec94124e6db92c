"""The sparse filter bank against librosa's dense one."""

from __future__ import annotations

import librosa
import numpy as np
import pytest

from serflow.sound import mel, mel_scale


@pytest.mark.filterwarnings("ignore:Empty filters")
@pytest.mark.parametrize(
    ("rate", "n_fft", "n_mels"),
    [
        (48_000, 16_384, 3401),
        (22_050, 16_384, 3401),
        (48_000, 2048, 128),
        (8_000, 2048, 128),
        (44_100, 1024, 40),
        (16_000, 511, 20),
        (192_000, 512, 64),
        (1_500, 256, 10),
    ],
)
def test_the_bank_is_librosas(rate, n_fft, n_mels):
    expected = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels)
    bank = mel.filter_bank(rate, n_fft, n_mels)
    assert bank.shape == expected.shape
    assert bank.dtype == np.float32
    np.testing.assert_allclose(bank.toarray(), expected, rtol=1e-7)
    assert np.array_equal(
        mel.empty_bands(rate, n_fft, n_mels), np.flatnonzero(expected.max(axis=1) == 0)
    )


def test_the_centres_are_librosas():
    expected = librosa.mel_frequencies(n_mels=3403, fmax=24_000.0)[1:-1]
    np.testing.assert_allclose(mel_scale.centres(48_000, 3401), expected, rtol=1e-12)


def test_slaneys_scale_at_known_points():
    assert mel_scale.hz_to_mel(500.0) == pytest.approx(7.5)
    assert mel_scale.hz_to_mel(1000.0) == pytest.approx(15.0)
    assert mel_scale.hz_to_mel(6400.0) == pytest.approx(42.0)
    assert mel_scale.mel_to_hz(np.array([7.5, 15.0, 42.0])) == pytest.approx(
        [500.0, 1000.0, 6400.0]
    )


def test_a_tiny_bank_by_hand():
    """8 kHz, 8 points: bins at 0, 1, 2, 3, 4 kHz; two bands.

    4 kHz is mel 15 + 27 ln 4 / ln 6.4 = 35.1645, so the edges are mel 0, 11.7215, 23.4430 and
    35.1645: 0, 781.43, 1786.83 and 4000 Hz. At 1 kHz the first triangle falls, at (1786.83 - 1000)
    / 1005.40 of a height of 2 / 1786.83, and the second rises, at 218.57 / 1005.40 of a height of
    2 / 3218.57.
    """
    bank = mel.filter_bank(8_000, 8, 2).toarray()
    assert bank[:, 1] == pytest.approx([8.7597e-4, 1.3509e-4], rel=1e-4)
    assert bank[0].nonzero()[0].tolist() == [1]
    assert bank[1, 2:4] == pytest.approx(
        [2 / 3218.57 * f / 2213.17 for f in (2000, 1000)], rel=1e-4
    )
    assert bank[:, 0].tolist() == [0, 0]
    assert bank[:, 4] == pytest.approx([0, 0], abs=1e-12)


def test_162_bands_are_empty_at_48_khz():
    assert mel.empty_bands(48_000, 16_384, 3401).size == 162
    assert mel.empty_bands(48_000, 2048, 128).size == 0


def test_the_bank_is_made_once():
    assert mel.filter_bank(48_000, 2048, 128) is mel.filter_bank(48_000, 2048, 128)
