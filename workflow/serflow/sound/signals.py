"""Signals of fixed length, the input of networks that hear the raw waveform."""

from __future__ import annotations

import math

import numpy as np
import soxr
from numpy.typing import NDArray

from serflow.sound.audio import Recording
from serflow.sound.frames import hop_length

RESAMPLING_SECONDS = 4.0
"""How much more of a recording resampling is given than it keeps.

The resampler's filters reach ahead, and where the sound ends their blocks differ in the last bit:
up to 0.1 s for rates that speech is recorded at, 0.5 s where one of the rates is 1 kHz.
"""


def samples_wanted(
    own_rate: int, rate: int | None = None, hop_seconds: float = 0.015, frames: int = 200
) -> int:
    """Return how many samples of a recording at `own_rate` Hz `fixed` needs for the same result.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    target = own_rate if rate is None else rate
    size = (frames + 1) * hop_length(target, hop_seconds)
    if target == own_rate:
        return size
    return math.ceil((size / target + RESAMPLING_SECONDS) * own_rate)


def fixed(
    recording: Recording, rate: int | None = None, hop_seconds: float = 0.015, frames: int = 200
) -> NDArray[np.float32]:
    """Resample a recording once and cut it, or fill it with zeros, to ``frames + 1`` hops.

    Parameters
    ----------
    recording
        The clip, any rate and length; what is beyond `samples_wanted` changes nothing.
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
