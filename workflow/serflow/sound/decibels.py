"""Spectrograms in decibels: linear in frequency for a 2D network, mel bands frame by frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from serflow.sound.frames import frame_count
from serflow.sound.spectra import Analysis, mel_spectrogram, power_blocks

FLOOR = 1e-10
"""Smallest power, librosa's: it keeps silence from the logarithm of zero."""
RANGE_DB = 80.0
FULL_SCALE = 2.0**15
"""Amplitude 1.0 of a 16-bit recording."""


def stft_decibels(
    samples: NDArray[np.float32], n_fft: int = 2048, hop: int = 512, frames: int = 40
) -> NDArray[np.float32]:
    """Magnitudes of the short-time Fourier transform, in dB below the clip's loudest.

    What is more than 80 dB below is raised to −80 dB, and so are the frames after a short clip's
    end. (Zeros there would stand for the loudest sound.) A clip's level is lost.

    Parameters
    ----------
    samples
        Shape (samples,), mono, at any rate and scale.
    n_fft, hop
        FFT and hop length in samples.
    frames
        Number of frames kept.

    Returns
    -------
    array of shape (1 + n_fft // 2, frames), float32
        Equal to ``librosa.amplitude_to_db(abs(librosa.stft(samples, n_fft=…, hop_length=…)),
        ref=np.max)``, cut or filled; the maximum is that of the whole clip.
    """
    available = frame_count(samples.size, n_fft, hop)
    kept = min(frames, available)
    powers = np.zeros((1 + n_fft // 2, frames), dtype=np.float32)
    peak = np.zeros(1, np.float32)
    for at, power in power_blocks(samples, n_fft, hop, available):
        peak = np.maximum(peak, power.max())
        if at.start < kept:
            powers[:, at.start : at.stop] = power[:, : kept - at.start]
    decibels = _decibels(powers) - _decibels(peak)
    decibels[:, kept:] = -RANGE_DB
    limited: NDArray[np.float32] = np.maximum(decibels, np.float32(-RANGE_DB))
    return limited


def log_mel(
    samples: NDArray[np.float32],
    rate: int,
    n_fft: int = 1024,
    hop_seconds: float = 0.01,
    n_mels: int = 64,
    frames: int = 300,
) -> NDArray[np.float32]:
    """Mel power spectrogram in dB against one reference, which keeps the level between clips.

    Parameters
    ----------
    samples
        Shape (samples,), mono, on the 16-bit integer scale.
    rate
        Sampling rate in Hz; the defaults of the others are meant for 16 kHz.
    n_fft
        FFT length in samples.
    hop_seconds
        Distance between frames in seconds.
    n_mels
        Number of mel bands.
    frames
        Number of frames kept; frames after a short clip's end are silent.

    Returns
    -------
    array of shape (n_mels, frames), float32
        From −100 (silence) to some 30. Transposed, it is frame features. Equal to
        ``librosa.power_to_db(librosa.feature.melspectrogram(y=samples / 32768, …), top_db=None)``,
        cut or filled.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    analysis = Analysis(n_fft=n_fft, hop_seconds=hop_seconds, n_mels=n_mels, frames=frames)
    return _decibels(mel_spectrogram(samples / np.float32(FULL_SCALE), rate, analysis))


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ten times the logarithm to base 10, of at least `FLOOR`."""
    decibels: NDArray[np.float32] = np.float32(10) * np.log10(np.maximum(power, np.float32(FLOOR)))
    return decibels
