"""Reading WAV recordings, whole or their first samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serflow.errors import ClipError
from serflow.sound.wav_files import WavFile

# 1 GiB of memory: 93 minutes at 48 kHz, 4.6 hours at 16 kHz.
LONGEST = 2**28


@dataclass(frozen=True, eq=False)
class Recording:
    """A decoded recording, or its beginning.

    Parameters
    ----------
    samples
        Mono samples on the 16-bit integer scale (full scale is 32768), shape (samples,), float32.
    rate
        Sampling rate in Hz.
    channels
        Number of channels in the file, before they were mixed.
    """

    samples: NDArray[np.float32]
    rate: int
    channels: int


def read_wav(path: str | Path, wanted: Callable[[int], int] | None = None) -> Recording:
    """Read a WAV file, mixing its channels to mono by their mean.

    Parameters
    ----------
    path
        The file, of a kind that `WavFile` reads.
    wanted
        Takes the sampling rate in Hz and returns how many samples are wanted; what is beyond them
        is neither read nor checked. ``None`` wants all.

    Returns
    -------
    Recording

    Raises
    ------
    ClipError
        If `WavFile` cannot read it, or if more than 2^28 samples would have to be held.
    """
    with WavFile(path) as wav:
        count = wav.frames if wanted is None else min(wav.frames, wanted(wav.rate))
        if count > LONGEST:
            hours = count / wav.rate / 3600
            reason = f"is too long to be read whole ({hours:.1f} hours at {wav.rate} Hz)"
            raise ClipError(path, reason, "cut it into clips")
        blocks = wav.blocks(count)
        samples = next(blocks)
        if samples.size < count:
            first, samples = samples, np.empty(count, np.float32)
            samples[: first.size] = first
            at = first.size
            for block in blocks:
                samples[at : at + block.size] = block
                at += block.size
        return Recording(samples, wav.rate, wav.channels)
