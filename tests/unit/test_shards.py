"""Dealing clips to shards, and their fingerprints."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from serflow.corpora.shards import deal, fingerprint

CLIPS = st.lists(st.text(max_size=6), unique=True, max_size=30)


def rows(clips: list[str]) -> list[dict[str, str]]:
    return [{"clip": clip} for clip in clips]


@given(CLIPS, st.integers(1, 200))
def test_each_clip_is_in_one_shard_in_the_tables_order(clips: list[str], shards: int):
    dealt = deal(rows(clips), shards)
    assert sorted(row["clip"] for part in dealt.values() for row in part) == sorted(clips)
    assert list(dealt) == sorted(dealt)
    for number, part in dealt.items():
        assert len(number) == len(str(shards - 1))
        assert part
        assert all(zlib.crc32(row["clip"].encode()) % shards == int(number) for row in part)
        assert [row["clip"] for row in part] == [clip for clip in clips if {"clip": clip} in part]


@given(CLIPS.filter(bool), st.integers(1, 20))
def test_a_clip_more_touches_one_shard(clips: list[str], shards: int):
    before, after = deal(rows(clips[1:]), shards), deal(rows(clips), shards)
    changed = [number for number in after if before.get(number) != after[number]]
    assert len(changed) == 1
    assert {"clip": clips[0]} in after[changed[0]]


def test_known_shards():
    # CRC-32 of "a" is 0xE8B7BE43 = 3904355907, of "b" 0x71BEEFF9 = 1908338681.
    assert deal(rows(["a", "b"]), 10) == {"1": [{"clip": "b"}], "7": [{"clip": "a"}]}
    assert list(deal(rows(["a", "b"]), 1)) == ["0"]
    assert list(deal(rows(["a", "b"]), 100)) == ["07", "81"]


def test_a_fingerprint_sees_its_columns_only():
    one = [{"clip": "a", "label": "x", "mtime": 1}, {"clip": "b", "label": "y", "mtime": 2}]
    same = fingerprint(one, ("clip", "mtime"))
    assert len(same) == 16
    assert set(same) <= set("0123456789abcdef")
    relabelled = [{**row, "label": "z"} for row in one]
    assert fingerprint(relabelled, ("clip", "mtime")) == same
    assert fingerprint(relabelled, ("clip", "label")) != fingerprint(one, ("clip", "label"))
    assert fingerprint(one[::-1], ("clip", "mtime")) != same
    assert fingerprint(one[:1], ("clip", "mtime")) != same
    touched = [{**row, "mtime": row["mtime"] + 1} for row in one]
    assert fingerprint(touched, ("clip", "mtime")) != same


def test_a_fingerprint_does_not_run_cells_together():
    assert fingerprint([{"a": "x", "b": "yz"}], "ab") != fingerprint([{"a": "xy", "b": "z"}], "ab")
    assert fingerprint([{"a": "1"}], "a") != fingerprint([{"a": 1}], "a")
    assert fingerprint([{}], "a") == fingerprint([{"a": ""}], "a")
