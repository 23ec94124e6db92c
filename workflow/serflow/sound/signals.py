"""Signals of fixed length, the input of networks that hear the raw waveform."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from serflow.sound.audio import Recording
from serflow.sound.frames import hop_length


def fixed(
    recording: Recording, rate: int | None = None, hop_seconds: float = 0.015, frames: int = 200
) -> NDArray[np.float32]:
    """Resample a recording once and cut it, or fill it with zeros, to ``frames + 1`` hops.

    Parameters
    ----------
    recording
        The clip, any rate and length.
    rate
        Sampling rate of the result in Hz; ``None`` keeps the recording's.
    hop_seconds
        Hop length in seconds; in samples it is ``int(rate * hop_seconds)``.
    frames
        Number of frames of the corresponding spectrogram.

    Returns
    -------
    array of shape ((frames + 1) * hop length,), float32
        On the 16-bit integer scale, as the recording's samples.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    target = recording.rate if rate is None else rate
    signal = np.zeros((frames + 1) * hop_length(target, hop_seconds), dtype=np.float32)
    samples = recording.samples
    if target != recording.rate:
        samples = soxr.resample(samples, recording.rate, target, quality="HQ")
    used = min(signal.size, samples.size)
    signal[:used] = samples[:used]
    return signal
