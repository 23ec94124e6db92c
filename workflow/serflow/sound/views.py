"""Spectrograms that networks read, made of signals of fixed length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from serflow.sound.decibels import log_mel, stft_decibels
from serflow.sound.frames import frame_count, hop_length
from serflow.sound.slopes import deltas


def spectrogram(
    signal: NDArray[np.float32], view: Mapping[str, Any]
) -> NDArray[np.float16] | NDArray[np.float32]:
    """Return one view of a signal.

    Parameters
    ----------
    signal
        Shape (samples,), on the 16-bit integer scale, at the rate ``view["rate"]``.
    view
        What `serflow.network_inputs.view` gives.

    Returns
    -------
    array of shape (rows, frames)
        ``stft``: decibels below the clip's loudest; ``log_mel``: decibels on a scale that all clips
        share; ``mfcc``: coefficients of the latter, below them their deltas. Decibels are float16,
        which leaves 0.06 dB and takes half the room; MFCC, which may be large, float32.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    rate, n_fft = view["rate"], view["n_fft"]
    if view["kind"] == "stft":
        hop = view["hop_length"]
        return stft_decibels(signal, n_fft, hop, frame_count(signal.size, n_fft, hop)).astype(
            np.float16
        )
    frames = frame_count(signal.size, n_fft, hop_length(rate, view["hop_seconds"]))
    bands = log_mel(signal, rate, n_fft, view["hop_seconds"], view["n_mels"], frames)
    if view["kind"] == "mfcc":
        return frame_features(bands, view["n_mfcc"])
    return bands.astype(np.float16)


def frame_features(bands: NDArray[np.float32], n_mfcc: int) -> NDArray[np.float32]:
    """Return each frame's MFCC and their deltas.

    Parameters
    ----------
    bands
        Decibels, shape (mel bands, frames).
    n_mfcc
        Number of coefficients, at most as many as there are bands.

    Returns
    -------
    array of shape (2 * n_mfcc, frames), float32
        Orthonormal DCT-II over the bands; below it the deltas, see `serflow.sound.slopes`.
    """
    coefficients = scipy.fft.dct(bands, type=2, norm="ortho", axis=0)[:n_mfcc]
    stacked: NDArray[np.float32] = np.concatenate([coefficients, deltas(coefficients)]).astype(
        np.float32
    )
    return stacked
