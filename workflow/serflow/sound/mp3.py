"""Recordings as MP3, for players in a page; never what a model hears."""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

RATES = (8000, 11025, 12000, 16000, 22050, 24000)
"""Rates in Hz that are used: those of MPEG 2 and 2.5, where a second of speech takes 4 to 10 kB."""
FULL_SCALE = 32768
# Of libsndfile's scale from 0, the best, to 1: 33 kbit/s up to 12 kHz, 82 kbit/s above.
COMPRESSION = 0.5
MOST_PER_SECOND = 10_500
"""Bytes that a second takes at most, above 12 kHz; at lower rates it takes less than half."""


def rate_for(rate: int) -> int:
    """Return the rate in Hz at which a recording of `rate` is kept: its own, or the next below."""
    return max((known for known in RATES if known <= rate), default=RATES[0])


def seconds_within(budget: int, recordings: int, most: float) -> float:
    """Return how much of each recording is kept, in whole tenths of a second.

    Parameters
    ----------
    budget
        Bytes that all recordings together may take.
    recordings
        How many there are, of whatever rate.
    most
        Seconds that are enough of a recording.
    """
    if not recordings:
        return most
    return min(most, 10 * budget // (recordings * MOST_PER_SECOND) / 10)


def encode(samples: NDArray[np.float32], rate: int) -> bytes:
    """Return a recording as MP3, mono, at a constant bit rate.

    Parameters
    ----------
    samples
        On the 16-bit integer scale, shape (samples,).
    rate
        Sampling rate in Hz; another one than those of `RATES` is resampled.

    Returns
    -------
    bytes
        The same for the same samples: libsndfile's encoder writes neither time nor name. It
        leaves 0.4 dB of room above what is loudest, in every recording alike.
    """
    kept = rate_for(rate)
    scaled = np.asarray(samples, np.float32) / FULL_SCALE
    if kept != rate:
        scaled = soxr.resample(scaled, rate, kept, quality="HQ")
    written = io.BytesIO()
    soundfile.write(
        written,
        np.clip(scaled, -1.0, 1.0),
        kept,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=COMPRESSION,
        bitrate_mode="CONSTANT",
    )
    return written.getvalue()
