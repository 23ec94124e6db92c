"""Slaney's mel scale, and where a mel filter bank's bands lie on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Slaney's mel scale (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above.
_HZ_PER_MEL = 200.0 / 3
_KNEE_HZ = 1000.0
_KNEE_MEL = _KNEE_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


def hz_to_mel(frequency: float) -> float:
    """Convert Hz to mel on Slaney's scale."""
    if frequency < _KNEE_HZ:
        return frequency / _HZ_PER_MEL
    return float(_KNEE_MEL + np.log(frequency / _KNEE_HZ) / _LOG_STEP)


def mel_to_hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convert mel on Slaney's scale to Hz."""
    bent = _KNEE_HZ * np.exp(_LOG_STEP * (np.maximum(mels, _KNEE_MEL) - _KNEE_MEL))
    return np.where(mels < _KNEE_MEL, _HZ_PER_MEL * mels, bent)


def band_edges(rate: int, n_mels: int) -> NDArray[np.float64]:
    """Edges of the mel bands in Hz, from 0 to half the sampling rate.

    Returns
    -------
    array of shape (n_mels + 2,)
        Band m is a triangle that starts at edge m, peaks at edge m + 1 and ends at edge m + 2.
    """
    return mel_to_hz(np.linspace(0.0, hz_to_mel(rate / 2), n_mels + 2))


def centres(rate: int, n_mels: int) -> NDArray[np.float64]:
    """Centre frequency of every mel band in Hz, ascending, shape (n_mels,)."""
    return band_edges(rate, n_mels)[1:-1]
