"""WAV files made byte by byte, or by soundfile."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from serflow.errors import ClipError
from serflow.sound.recordings import measure

RATE = 16_000
RAMP = (np.arange(-400, 400) * 80).astype(np.int16)
ENCODINGS: list[dict[str, Any]] = [
    *({"format": "WAV", "subtype": f"PCM_{bits}"} for bits in ("U8", "16", "24", "32")),
    *({"format": "WAV", "subtype": kind} for kind in ("FLOAT", "DOUBLE", "ULAW", "ALAW")),
    *({"format": "WAV", "subtype": kind} for kind in ("IMA_ADPCM", "MS_ADPCM", "GSM610")),
    {"format": "WAV", "subtype": "PCM_16", "endian": "BIG"},
    *({"format": "WAVEX", "subtype": kind} for kind in ("PCM_16", "PCM_24", "FLOAT", "ULAW")),
    *({"format": "RF64", "subtype": kind} for kind in ("PCM_16", "FLOAT")),
]


def chunk(name: bytes, content: bytes, declared: int | None = None) -> bytes:
    """One chunk, padded to even size; `declared` is a size that is not true."""
    size = len(content) if declared is None else declared
    return name + struct.pack("<I", size) + content + b"\0" * (len(content) % 2)


def fmt(kind: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16) -> bytes:
    """The chunk that tells how the samples are stored."""
    align = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", kind, channels, rate, rate * align, align, bits))


def riff(*chunks: bytes) -> bytes:
    """A WAV file of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encoded(values: np.ndarray, **kwargs: Any) -> bytes:
    """A file as soundfile writes it; `rate` and soundfile's own keywords."""
    stream = io.BytesIO()
    soundfile.write(stream, values, kwargs.pop("rate", RATE), **kwargs)
    return stream.getvalue()


def name_of(value: object) -> str:
    """The name of an encoding, for the names of tests."""
    return "-".join(value.values()) if isinstance(value, dict) else str(value)


def put(folder: Path, content: bytes, name: str = "clip.wav") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path, read: Callable[[Path], Any] = measure) -> ClipError:
    """How a file is refused."""
    with pytest.raises(ClipError) as caught:
        read(path)
    assert caught.value.path == path
    assert caught.value.remedy
    return caught.value


def script_output(code: str, root: Path, path: Path, timeout: float = 60) -> str:
    """Run code in an interpreter of its own, which may not hang."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "PYTHONPATH": str(root / "workflow")},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
