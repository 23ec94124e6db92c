"""What each recording is, or why it cannot be used: checked once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from serflow.corpora.checking import UNUSABLE
from serflow.corpora.measuring import GONE, measured
from serflow.errors import ClipError, UserError, shown
from serflow.sound.wav_files import FULL_SCALE, WavFile

COLUMNS = (
    *("clip", "seconds", "rate", "channels", "peak", "pcm_hash"),
    *("verdict", "reason", "remedy", "bytes", "mtime"),
)


def inspect(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what each recording is.

    Parameters
    ----------
    rows
        Rows of the clip table; `clip` and `path` are read.

    Returns
    -------
    list of dict
        `clip`, what `measure` finds, `verdict` (``ok``, ``silent`` or ``unusable``), and of
        unusable ones, of which nothing else is known, `reason`, `remedy`, `bytes` and `mtime`.

    Raises
    ------
    UserError
        If the system refuses to read a file that was there when the run began: that may pass, and a
        verdict would stay.
    """
    return [_inspect(row) for row in rows]


def _inspect(row: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {**dict.fromkeys(COLUMNS), "clip": row["clip"]}
    size, time = measured(row["path"])
    try:
        found = measure(row["path"])
    except ClipError as error:
        if isinstance(error.__cause__, OSError) and row.get("mtime") != GONE:
            raise UserError(
                f"{shown(row['path'])}: {error.reason}, though it was there when the run began; "
                "give the same command again, or take it out of the corpus"
            ) from error
        bad = {"verdict": UNUSABLE, "reason": error.reason, "remedy": error.remedy}
        return {**told, **bad, "bytes": size, "mtime": time}
    return {**told, **found, "verdict": "ok" if found["peak"] > 0 else "silent"}


def measure(path: str | Path) -> dict[str, Any]:
    """Read a whole recording of any length, and return what it is.

    Parameters
    ----------
    path
        A WAV file.

    Returns
    -------
    dict
        `seconds`; `rate` in Hz; `channels`; `peak`, the largest magnitude of the mono samples, 1 at
        full scale; `pcm_hash`, 32 hexadecimal digits that two recordings share when mono samples
        and rate are the same: the start of the SHA-256 of both.

    Raises
    ------
    ClipError
        If it cannot be used.
    """
    digest, peak = hashlib.sha256(), 0.0
    with WavFile(path) as wav:
        for samples in wav.blocks():
            digest.update(samples.astype("<f4", copy=False).data)
            peak = max(peak, float(np.abs(samples).max()))
        # Once, here: what is refused is read by nobody else.
        wav.require_all()
        digest.update(wav.rate.to_bytes(8, "little"))
        return {
            "seconds": wav.frames / wav.rate,
            "rate": wav.rate,
            "channels": wav.channels,
            "peak": peak / FULL_SCALE,
            "pcm_hash": digest.hexdigest()[:32],
        }


def require_one_rate(recordings: Iterable[Mapping[str, str]]) -> None:
    """Raise `UserError` if recordings (rows of `inspect`) have several sampling rates."""
    # Of unusable ones it is not known.
    example = {row["rate"]: row["clip"] for row in recordings if row["rate"]}
    if len(example) > 1:
        listed = ", ".join(f"{rate} Hz ({example[rate]})" for rate in sorted(example, key=int))
        raise UserError(
            f"`rate: null` needs one sampling rate in the whole corpus, but it has {listed}; give "
            "the network's `rate` in Hz"
        )
