"""What each recording is, or why it cannot be used: checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from serflow.corpora.checking import UNUSABLE
from serflow.errors import ClipError, UserError
from serflow.sound.audio import read_wav

COLUMNS = (
    *("clip", "seconds", "rate", "channels", "peak", "pcm_hash"),
    *("verdict", "reason", "remedy"),
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
        `clip`, `seconds`, `rate` (Hz), `channels`, `peak` (1 is full scale), `pcm_hash` (of the
        decoded samples), `verdict` (``ok``, ``silent`` or ``unusable``), `reason` and `remedy`. Of
        unusable recordings only the last three and `clip` are told, of others all but the last two.
    """
    return [_inspect(row) for row in rows]


def _inspect(row: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {**dict.fromkeys(COLUMNS), "clip": row["clip"]}
    try:
        recording = read_wav(row["path"])
    except ClipError as error:
        return {**told, "verdict": UNUSABLE, "reason": error.reason, "remedy": error.remedy}
    return {
        **told,
        "seconds": recording.seconds,
        "rate": recording.rate,
        "channels": recording.channels,
        "peak": recording.peak,
        "pcm_hash": recording.pcm_hash,
        "verdict": "ok" if recording.peak > 0 else "silent",
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
