"""Synthesizing the demonstration corpus: sounds, and the WAV files that hold them."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from serflow.errors import UserError
from serflow.files import replacing
from serflow.synthesis.acoustics import colour, limit
from serflow.synthesis.espeak import RATE, Engine
from serflow.synthesis.names import MTIME_NS, clips
from serflow.synthesis.prosody import plan, voice_of
from serflow.synthesis.randomness import stream

NOTE = (
    "Synthetic speech (eSpeak NG + prosody rules), for demonstration only; "
    "not a recording of a person."
)
"""What the INFO comment of every WAV says."""


def synthesize(
    folder: str | Path,
    speakers: int,
    repetitions: int,
    intensities: int,
    rate: int,
    seed: int,
    on_clip: Callable[[Mapping[str, str]], None] | None = None,
) -> list[dict[str, str]]:
    """Write the demonstration corpus.

    Each WAV (mono, 16 bits) depends on `rate`, `seed` and its file name alone, is written whole or
    not at all, says in its INFO comment that it is synthetic, and carries the date
    `serflow.synthesis.names.MTIME_NS`. Files that are there already are replaced; files that are
    not of this corpus are left alone.

    Parameters
    ----------
    folder
        The corpus folder; made if missing.
    speakers, repetitions, intensities
        As in `serflow.synthesis.names.clips`.
    rate
        Sampling rate, Hz, 4000 to 192000; eSpeak NG's own is 22050.
    seed
        Another seed gives other voices and other takes.
    on_clip
        Called with each row after its file is written, to show progress.

    Returns
    -------
    list of dict
        The rows of the clip table, as `serflow.synthesis.names.clips` gives them.

    Raises
    ------
    UserError
        If a number is out of its range or eSpeak NG is not installed.
    """
    rows = clips(speakers, repetitions, intensities)
    if not 4000 <= rate <= 192_000:
        raise UserError(f"corpus.rate is {rate}; wanted is a sampling rate from 4000 to 192000 Hz")
    with Engine() as engine:
        for row in rows:
            path = Path(folder, row["path"])
            with replacing(path) as temporary:
                temporary.write_bytes(wav(render(engine, row, rate, seed), rate))
                os.utime(temporary, ns=(MTIME_NS, MTIME_NS))
            if on_clip is not None:
                on_clip(row)
    return rows


def render(engine: Engine, row: Mapping[str, str], rate: int, seed: int) -> NDArray[np.float64]:
    """Synthesize one clip.

    Parameters
    ----------
    engine
        The synthesizer.
    row
        The clip's row of `serflow.synthesis.names.clips`.
    rate
        Sampling rate, Hz.
    seed
        The corpus's seed.

    Returns
    -------
    ndarray
        (samples,), full scale 1.
    """
    # The file name without its folders: a voice keeps its takes when it moves to the test set.
    random = stream(seed, Path(row["path"]).stem)
    voice = voice_of(int(row["speaker"]), seed)
    take = plan(voice, row["label"], row["intensity"], row["statement"], random)
    speech = engine.say(take.ssml, take.voice, take.words_per_minute)
    signal = colour(speech, take, random)
    if rate == RATE:
        return signal
    # VHQ computes in double precision, so that rounding to 16 bits hides differences between CPUs.
    return limit(soxr.resample(signal, RATE, rate, quality="VHQ"))


def wav(signal: NDArray[np.float64], rate: int) -> bytes:
    """Return a mono 16-bit WAV file with the comment `NOTE`.

    Parameters
    ----------
    signal
        (samples,), full scale 1; what is beyond is clipped.
    rate
        Sampling rate, Hz.
    """
    samples = np.round(np.clip(signal, -1, 1) * 32767).astype("<i2").tobytes()
    note = NOTE.encode("ascii") + b"\0"
    form = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    info = b"INFO" + _chunk(b"ICMT", note)
    body = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"data", samples) + _chunk(b"LIST", info)
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, content: bytes) -> bytes:
    """Return a RIFF chunk: name, length, content, and a zero where the length is odd."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
