"""Images that one job leaves for another."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from serflow.sound import handover

MADE_FROM = {"code": "abc", "images": {"power": 1, "log_offset": 1e-9}, "clips": "def"}


def leave_one(path: Path) -> None:
    with handover.leaving(path, 1, (1, 1)) as leave:
        leave(np.ones((1, 1), np.uint8))


def test_what_is_left_is_taken(tmp_path: Path):
    path = handover.place(tmp_path / "handover", "3", MADE_FROM)
    pictures = [np.full((3, 4), 7, np.uint8), np.arange(12, dtype=np.uint8).reshape(3, 4)]
    with handover.leaving(path, 2, (3, 4)) as leave:
        for picture in pictures:
            leave(picture)
    taken = handover.take(path, 2, (3, 4))
    assert taken is not None
    assert [picture.tolist() for picture in taken] == [picture.tolist() for picture in pictures]


def test_nothing_left_nothing_taken(tmp_path: Path):
    assert handover.take(handover.place(tmp_path / "handover", "3", MADE_FROM), 1, (1, 1)) is None


@pytest.mark.parametrize(
    "other",
    [
        {**MADE_FROM, "code": "abd"},
        {**MADE_FROM, "images": {"power": 2, "log_offset": 1e-9}},
        {**MADE_FROM, "clips": "dee"},
    ],
)
def test_what_would_be_made_differently_is_not_taken(tmp_path: Path, other: dict):
    leave_one(handover.place(tmp_path, "3", MADE_FROM))
    assert handover.take(handover.place(tmp_path, "3", other), 1, (1, 1)) is None


def test_the_order_of_keys_makes_no_difference(tmp_path: Path):
    turned = dict(reversed(MADE_FROM.items()))
    assert handover.place(tmp_path, "3", turned) == handover.place(tmp_path, "3", MADE_FROM)


def test_a_job_that_fails_leaves_nothing(tmp_path: Path):
    path = handover.place(tmp_path, "3", MADE_FROM)
    with pytest.raises(ZeroDivisionError), handover.leaving(path, 1, (1, 1)):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_clearing_takes_older_ones_of_the_shard_and_no_other_shards(tmp_path: Path):
    old = handover.place(tmp_path, "3", {**MADE_FROM, "code": "older"})
    new = handover.place(tmp_path, "3", MADE_FROM)
    others = [handover.place(tmp_path, shard, MADE_FROM) for shard in ("13", "30")]
    for path in (old, new, *others):
        leave_one(path)
    handover.clear(new)
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_clearing_where_nothing_ever_was(tmp_path: Path):
    handover.clear(handover.place(tmp_path / "handover", "3", MADE_FROM))


def test_images_older_than_what_they_are_made_of_are_not_taken(tmp_path: Path):
    path, source = handover.place(tmp_path / "handover", "3", MADE_FROM), tmp_path / "corpus.tsv"
    source.touch()
    leave_one(path)
    times = path.stat().st_mtime_ns
    os.utime(source, ns=(times, times))
    assert handover.take(path, 1, (1, 1), [source]) is not None
    os.utime(source, ns=(times + 1, times + 1))
    assert handover.take(path, 1, (1, 1), [source]) is None


def test_it_is_told_whose_images_were_begun(tmp_path: Path):
    first = handover.place(tmp_path, "3", MADE_FROM)
    second = handover.place(tmp_path, "3", {**MADE_FROM, "code": "newer"})
    assert not handover.begun(first)
    handover.take(first, 1, (1, 1))
    assert handover.begun(first)
    assert not handover.begun(second)
    handover.take(second, 1, (1, 1))
    assert not handover.begun(first)
    assert handover.begun(second)
