"""Dealing clips to shards, and their fingerprints."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.corpora.shards import CROWDED, WORTH_A_JOB, advice, deal, fingerprint

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


@pytest.mark.parametrize(
    ("clips", "shards"), [(576, 8), (36, 3), (32_000, 16), (100_000, 100), (100_000, 400), (16, 16)]
)
def test_nothing_to_say_of_shards_that_suit(clips: int, shards: int):
    assert advice(clips, shards) == ""


@pytest.mark.parametrize(
    ("clips", "shards", "each", "wanted"),
    [
        (100_000, 16, "6250", "100"),
        (32_001, 16, "2000", "33"),
        (2001, 1, "2001", "3"),
        (1_000_000, 400, "2500", "1000"),
    ],
)
def test_crowded_shards_are_told(clips: int, shards: int, each: str, wanted: str):
    said = advice(clips, shards)
    assert said.startswith(f"`shards`: {clips} clips in {shards} shards are about {each} each;")
    assert f"Set it to {wanted}, for about 1000 clips each; another number" in said
    assert advice(clips, int(wanted)) == ""


@pytest.mark.parametrize(("clips", "shards", "wanted"), [(200, 201, 4), (20, 16_000, 1), (3, 4, 1)])
def test_more_shards_than_clips_are_told(clips: int, shards: int, wanted: int):
    said = advice(clips, shards)
    assert said.startswith(f"`shards`: there are more shards ({shards}) than clips ({clips}),")
    assert f"some {WORTH_A_JOB} clips. Set it to {wanted}; another number" in said
    assert advice(clips, wanted) == ""


@given(st.integers(1, 10**7), st.integers(1, 10**5))
def test_following_advice_leaves_no_more(clips: int, shards: int):
    said = advice(clips, shards)
    if said:
        wanted = int(said.split("Set it to ")[1].split(",")[0].split(";")[0])
        assert clips <= CROWDED * wanted
        assert wanted <= clips
