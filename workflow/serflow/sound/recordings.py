"""What each recording is: checked once, all of a shard before anything is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from serflow.errors import ClipError, UserError
from serflow.sound.audio import read_wav

COLUMNS = ("clip", "seconds", "rate", "channels", "peak", "pcm_hash", "verdict")


def inspect(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what each recording is.

    Parameters
    ----------
    rows
        Rows of the clip table; `clip` and `path` are read.

    Returns
    -------
    list of dict
        `clip`, `seconds`, `rate` (Hz), `channels`, `peak` (1 is full scale), `pcm_hash` (of the
        decoded samples), `verdict` (``ok`` or ``silent``).

    Raises
    ------
    UserError
        One message that lists every recording that cannot be used, with reason and remedy.
    """
    found, bad = [], []
    for row in rows:
        try:
            recording = read_wav(row["path"])
        except ClipError as error:
            bad.append(str(error))
            continue
        found.append(
            {
                "clip": row["clip"],
                "seconds": recording.seconds,
                "rate": recording.rate,
                "channels": recording.channels,
                "peak": recording.peak,
                "pcm_hash": recording.pcm_hash,
                "verdict": "ok" if recording.peak > 0 else "silent",
            }
        )
    if bad:
        listed = "\n".join(f"  - {line}" for line in bad)
        raise UserError(f"{len(bad)} recordings cannot be used:\n{listed}")
    return found


def require_one_rate(recordings: Iterable[Mapping[str, str]]) -> None:
    """Raise `UserError` if recordings (rows of `inspect`) have several sampling rates."""
    example = {row["rate"]: row["clip"] for row in recordings}
    if len(example) > 1:
        listed = ", ".join(f"{rate} Hz ({example[rate]})" for rate in sorted(example, key=int))
        raise UserError(
            f"`rate: null` needs one sampling rate in the whole corpus, but it has {listed}; give "
            "the network's `rate` in Hz"
        )
