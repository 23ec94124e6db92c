"""Damaged WAV files by the thousand: ``python wav_fuzzing.py SECONDS FOLDER [SEED]``.

A process of its own, so that a crash of a C library, an input that takes too long and memory beyond
the limit end it and nothing else. The input at hand lies in the folder as ``input.wav``.
"""

from __future__ import annotations

import random
import resource
import signal
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from small_wavs import ENCODINGS, RAMP, chunk, encoded, fmt, riff

from serflow.errors import ClipError
from serflow.sound.audio import read_wav
from serflow.sound.recordings import measure
from serflow.sound.wav_files import LIMIT

SEED = 20260101
MEMORY = 2**29
"""Bytes of address space that reading may take beyond what the process has after a few readings."""
SECONDS = 20
"""That one input may take, on a machine however busy."""

_SPECIAL = (0, 1, 2, 3, 4, 7, 8, 12, 16, 24, 32, 64, 127, 128, 255, 256, 1024, 1025, 4096)
_EDGES = (0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
_NAMES = (b"RIFF", b"RIFX", b"RF64", b"WAVE", b"fmt ", b"data", b"ds64", b"fact", b"LIST", b"PEAK")


def check(path: Path) -> bool:
    """Read a file in every way and return whether it is taken; anything but a refusal must hold."""
    found, recording = _tried(measure, path), _tried(read_wav, path)
    if isinstance(found, ClipError) and found.reason.startswith("has several data chunks"):
        # Only the check of recordings looks behind the samples.
        assert not isinstance(recording, ClipError)
        return False
    if isinstance(found, ClipError) or isinstance(recording, ClipError):
        assert str(found) == str(recording)
        assert found.remedy
        return False
    samples = recording.samples
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert np.isfinite(samples).all()
    assert float(np.abs(samples).max()) <= LIMIT
    assert (found["rate"], found["channels"]) == (recording.rate, recording.channels)
    assert found["seconds"] == samples.size / recording.rate > 0
    # No encoding has more than twenty samples in a byte; MP3 in WAV comes nearest.
    assert samples.size <= 100 * path.stat().st_size
    part = read_wav(path, lambda rate: max(1, samples.size // 2)).samples
    assert np.array_equal(part, samples[: part.size])
    return True


def _tried(read: Callable[[Path], Any], path: Path) -> Any:
    """What reading gives, or the refusal."""
    try:
        return read(path)
    except ClipError as error:
        return error


def seeds() -> list[bytes]:
    """Sound files of every encoding, small, so that a change is likely to meet the header."""
    short = RAMP[::8] / 32768
    stereo = np.stack([short, -short], axis=1)
    files = [encoded(short, **options) for options in ENCODINGS]
    files += [encoded(stereo, **options) for options in ENCODINGS if options["subtype"] != "GSM610"]
    data = chunk(b"data", RAMP[:50].tobytes())
    sizes = chunk(b"ds64", struct.pack("<QQQI", 200, 100, 50, 0))
    files += [
        riff(fmt(), chunk(b"LIST", b"INFOICMT\4\0\0\0abcd"), data, chunk(b"note", b"odd")),
        riff(chunk(b"note", b"odd"), fmt(channels=6, bits=8), data),
        b"RF64\xff\xff\xff\xffWAVE"
        + sizes
        + fmt()
        + chunk(b"data", RAMP[:50].tobytes(), 2**32 - 1),
        encoded(short, format="FLAC"),
        encoded(short, format="MP3"),
        riff(fmt(0x55), chunk(b"data", encoded(RAMP / 32768, format="MP3"))),
    ]
    return files


def mutated(draw: random.Random, files: list[bytes]) -> bytes:
    """One of the files, changed in one to six places."""
    content = bytearray(draw.choice(files))
    for _ in range(draw.randint(1, 6)):
        # Mostly in the header.
        end = min(len(content), 120) if draw.random() < 0.8 else len(content)
        at = draw.randrange(end + 1)
        kind = draw.randrange(8)
        if kind == 0:
            content[at : at + 1] = draw.randbytes(1)
        elif kind == 1:
            content[at : at + 2] = struct.pack("<H", draw.choice(_SPECIAL + _EDGES[:4]))
        elif kind == 2:
            value = draw.choice((*_SPECIAL, *_EDGES, len(content), draw.randrange(2**32)))
            content[at : at + 4] = struct.pack(draw.choice("<>") + "I", value)
        elif kind == 3:
            content[at : at + 4] = draw.choice(_NAMES)
        elif kind == 4:
            del content[at : at + draw.randint(1, 40)]
        elif kind == 5:
            content[at:at] = draw.randbytes(draw.randint(1, 40))
        elif kind == 6:
            del content[at:]
        else:
            other = draw.choice(files)
            start = draw.randrange(len(other))
            content[at:at] = other[start : start + draw.randint(1, 200)]
    return bytes(content)


def main(seconds: float, folder: Path, seed: int = SEED) -> None:
    """Read damaged files for so long; print how many were taken and refused."""
    path, files, draw = folder / "input.wav", seeds(), random.Random(seed)
    for content in files:
        path.write_bytes(content)
        check(path)
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
    counts = {True: 0, False: 0}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        path.write_bytes(mutated(draw, files))
        # Not caught: it ends the process also where a C library does not come back.
        signal.alarm(SECONDS)
        counts[check(path)] += 1
        signal.alarm(0)
    print(counts[True], counts[False])


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
