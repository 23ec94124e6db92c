"""Recordings that are no WAV, decoded by ffmpeg.

It writes to a pipe, and of each block only the mean of the channels is kept: neither a disk nor the
memory holds the sound of all channels at once.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from typing import IO

import numpy as np
from numpy.typing import NDArray

from serflow.errors import ClipError
from serflow.sound.audio import LONGEST, Recording
from serflow.sound.wav_files import CHANNELS, FULL_SCALE, LIMIT, RATES, mono

WAV = "convert it to WAV"

_READING = ("ffmpeg", "-nostdin", "-loglevel", "quiet")
# Sun's AU: a header that tells no length, then float32, which holds what decoders give: nothing is
# rounded, nothing is cut off at full scale.
_WRITING = ("-vn", "-f", "au", "-acodec", "pcm_f32be", "pipe:1")
_HEADER = struct.Struct(">4sIIIII")
_SAMPLE = np.dtype(">f4")

_BLOCK_BYTES = 2**22
_GROWTH = 2**22
"""Samples that are made room for at once."""


def decoded(path: str) -> Recording:
    """Return a recording that ffmpeg can read; its channels are mixed by their mean.

    Raises
    ------
    ClipError
        If ffmpeg cannot read it, or it holds no samples, too many, or such as `WavFile` refuses.
    """
    with subprocess.Popen(
        [*_READING, "-i", f"file:{path}", *_WRITING],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        rate, channels = _header(process.stdout, path)
        samples = _gathered(_blocks(process.stdout, channels), rate, path)
    if process.returncode:
        raise _unreadable(path)
    if not samples.size:
        raise ClipError(path, "holds no samples", "fetch or record it again")
    return Recording(samples, rate, channels)


def _header(stream: IO[bytes], path: str) -> tuple[int, int]:
    """Read what stands before the samples; return sampling rate and number of channels."""
    begin = stream.read(_HEADER.size)
    if len(begin) < _HEADER.size:
        raise _unreadable(path)
    _, start, _, _, rate, channels = _HEADER.unpack(begin)
    stream.read(start - _HEADER.size)
    if not (RATES[0] <= rate <= RATES[1] and 1 <= channels <= CHANNELS):
        raise ClipError(path, f"has {channels} channels at {rate} Hz", WAV)
    return rate, channels


def _blocks(stream: IO[bytes], channels: int) -> Iterator[NDArray[np.float32]]:
    """Yield the mean of the channels, block by block, on the 16-bit integer scale."""
    frame = channels * _SAMPLE.itemsize
    wanted = max(1, _BLOCK_BYTES // frame) * frame
    while data := stream.read(wanted):
        whole = len(data) // frame * frame
        yield mono(np.frombuffer(data[:whole], _SAMPLE).reshape(-1, channels), FULL_SCALE)


def _gathered(blocks: Iterator[NDArray[np.float32]], rate: int, path: str) -> NDArray[np.float32]:
    """Return blocks of which nobody knows how many there are as one array."""
    samples, size = np.empty(_GROWTH, np.float32), 0
    for block in blocks:
        end = size + block.size
        if end > LONGEST:
            hours = LONGEST / rate / 3600
            reason = f"is too long to be read whole (more than {hours:.1f} hours at {rate} Hz)"
            raise ClipError(path, reason, "cut it into clips")
        # NaN fails the comparison as well.
        if block.size and not np.abs(block).max() <= LIMIT:
            raise ClipError(path, "holds values that are not finite (NaN, infinity) or huge", WAV)
        if end > samples.size:
            # The system moves the pages: no second array, as joining the blocks would take.
            samples.resize(samples.size + max(_GROWTH, block.size), refcheck=False)
        samples[size:end] = block
        size = end
    samples.resize(size, refcheck=False)
    return samples


def _unreadable(path: str) -> ClipError:
    return ClipError(path, "is neither WAV nor anything ffmpeg can read", WAV)
