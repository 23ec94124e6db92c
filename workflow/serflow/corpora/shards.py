"""Dealing clips to shards, and the fingerprints that make a shard stale."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]


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
