"""Frames of a clip: how far apart they are, and how many there are."""

from __future__ import annotations

from serflow.errors import UserError


def hop_length(rate: int, hop_seconds: float) -> int:
    """Hop length in samples, rounded down.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    hop = int(rate * hop_seconds)
    if hop < 1:
        raise UserError(
            f"`hop_seconds`: {hop_seconds} s is less than one sample at {rate} Hz; "
            f"give at least {1 / rate:.6f} s"
        )
    return hop


def frame_count(samples: int, n_fft: int, hop: int) -> int:
    """Number of centred frames that a clip of `samples` samples has."""
    return 1 + (samples - n_fft % 2) // hop
