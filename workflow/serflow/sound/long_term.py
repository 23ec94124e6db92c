"""The long-term spectrum of a recording: what frequencies it holds, whenever they sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WINDOW_SECONDS = 0.046
"""About that of Welch's method in speech science: 1024 samples at 22 kHz, bins 20 Hz apart."""


def long_term_spectrum(
    samples: NDArray[np.float32], rate: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean power of a recording by frequency (Welch 1967).

    Hann windows that overlap by half; what is shorter than one is filled up with zeros.

    Parameters
    ----------
    samples
        Shape (samples,).
    rate
        Sampling rate in Hz.

    Returns
    -------
    frequencies, level
        In Hz from 0 to half the rate, and in decibels below the strongest of them; 90 dB below at
        least, which is also what silence has.
    """
    size = 1 << max(4, round(np.log2(WINDOW_SECONDS * rate)))
    padded = np.zeros(max(size, len(samples)))
    padded[: len(samples)] = samples
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // 2]
    window = np.hanning(size + 1)[:-1]
    power = np.square(np.abs(np.fft.rfft(frames * window, axis=1))).mean(axis=0)
    strongest = power.max()
    floor = 1e-9
    level = 10 * np.log10(np.maximum(power / strongest if strongest > 0 else power, floor))
    frequencies = np.fft.rfftfreq(size, 1 / rate).astype(np.float64)
    return frequencies, level.astype(np.float64)
