"""Dealing clips to shards, and the fingerprints that make a shard stale."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]

CROWDED = 2000
"""Clips a shard beyond which `advice` would have more shards."""

COMFORTABLE = 1000
"""Clips a shard that `advice` proposes where there are many: a job of some ten seconds."""

WORTH_A_JOB = 50
"""Clips a shard that `advice` proposes where there are few: they take as long as a job's start."""


def deal(rows: Iterable[Row], shards: int) -> dict[str, list[Row]]:
    """Deal `rows` to at most `shards` shards by a stable hash of each clip's name.

    Adding or removing a clip touches its shard alone. Shards without a clip are left out. The keys
    are the shards' numbers, padded with zeros to equal length, in order.
    """
    width = len(str(shards - 1))
    dealt: dict[str, list[Row]] = {}
    for row in rows:
        number = zlib.crc32(row["clip"].encode()) % shards
        dealt.setdefault(str(number).zfill(width), []).append(row)
    return dict(sorted(dealt.items()))


def fingerprint(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that change when any of the rows' `columns` does."""
    columns = tuple(columns)
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr([row.get(column, "") for column in columns]).encode())
    return digest.hexdigest()[:16]


def advice(clips: int, shards: int) -> str:
    """Say what to set `shards` to where that many of them suit that many clips badly, else ``""``.

    Parameters
    ----------
    clips
        Number of clips of the corpus.
    shards
        The configuration's key.
    """
    if clips > CROWDED * shards:
        each = clips // shards
        return (
            f"`shards`: {clips} clips in {shards} shards are about {each} each; one changed clip "
            "has its whole shard extracted again, an interrupted job loses as much, and no more "
            f"than {shards} jobs run side by side. Set it to {-(-clips // COMFORTABLE)}, for about "
            f"{COMFORTABLE} clips each; another number extracts everything anew"
        )
    if clips < shards:
        return (
            f"`shards`: there are more shards ({shards}) than clips ({clips}), and starting a job "
            f"takes as long as extracting some {WORTH_A_JOB} clips. Set it to "
            f"{max(1, clips // WORTH_A_JOB)}; another number extracts everything anew"
        )
    return ""
