"""Mel-frequency cepstral coefficients (MFCC)."""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from serflow.sound.frames import frame_count, hop_length
from serflow.sound.mel import filter_bank
from serflow.sound.sliding import Samples
from serflow.sound.spectra import power_blocks

# librosa's defaults, which the laboratory sheet leaves as they are.
N_FFT = 2048
N_MELS = 128
FLOOR = 1e-10
RANGE_DB = 80.0


def real_frames(samples: int, rate: int, hop_seconds: float, frames: int) -> int:
    """Return how many of the `frames` columns that `mfcc` gives are the clip's own, not padding."""
    return min(frames, frame_count(samples, N_FFT, hop_length(rate, hop_seconds)))


def mfcc(
    samples: Samples,
    rate: int,
    hop_seconds: float = 0.015,
    frames: int = 200,
    n_mfcc: int = 40,
) -> NDArray[np.float32]:
    """MFCC of one clip: orthonormal DCT-II of the mel power spectrogram in dB.

    The dB values are limited to 80 dB below the maximum of the whole clip, the frames that are cut
    off included. The coefficients do not depend on `n_mfcc`: the first 12 of 40 are those of
    ``n_mfcc=12``.

    Parameters
    ----------
    samples
        Mono, an array of shape (samples,), or `Sliding` for a recording that is not held whole.
    rate
        Sampling rate in Hz.
    hop_seconds
        Distance between frames in seconds.
    frames
        Number of frames kept; shorter clips are filled with zeros.
    n_mfcc
        Number of coefficients, 1 to 128.

    Returns
    -------
    array of shape (n_mfcc, frames), float32
        Equal to ``librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=n_mfcc, hop_length=int(rate *
        hop_seconds))``, cut or filled with zeros.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    hop = hop_length(rate, hop_seconds)
    bank = filter_bank(rate, N_FFT, N_MELS)
    available = frame_count(samples.size, N_FFT, hop)
    kept = min(frames, available)
    mel = np.empty((N_MELS, kept), dtype=np.float32)
    peak = FLOOR
    for at, power in power_blocks(samples, N_FFT, hop, available):
        block = bank @ power
        peak = max(peak, float(block.max()))
        if at.start < kept:
            mel[:, at.start : at.stop] = block[:, : kept - at.start]

    decibels = 10.0 * np.log10(np.maximum(mel, np.float32(FLOOR)))
    np.maximum(decibels, np.float32(10.0 * np.log10(peak) - RANGE_DB), out=decibels)
    coefficients = np.zeros((n_mfcc, frames), dtype=np.float32)
    # All 128 are taken, then cut: a shorter transform could differ in the last bit.
    transformed = scipy.fft.dct(decibels, type=2, norm="ortho", axis=0, workers=1)
    coefficients[:, :kept] = transformed[:n_mfcc]
    return coefficients
