"""The clip table that a run leaves for its jobs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.corpora import kept
from serflow.corpora.table import ClipTable

TABLE = ClipTable(
    [
        {"clip": "a", "path": "w/a.wav", "label": "x", "speaker": "1", "split": "", "age": "41"},
        {
            "clip": "b",
            "path": "w/b.wav",
            "label": "y",
            "speaker": "",
            "split": "",
            "bytes": 44,
            "mtime": 1_700_000_000_123_456_789,
        },
    ],
    made=False,
)


def test_what_was_kept_is_read_as_it_was(tmp_path: Path):
    path = tmp_path / "there" / "clips.json"
    kept.keep(TABLE, path)
    assert kept.read(path) == TABLE


@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_any_name_that_a_file_system_gives_survives(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
):
    path = tmp_path_factory.mktemp("kept") / "clips.json"
    table = ClipTable([{"clip": name, "path": name} for name in names], made=True)
    kept.keep(table, path)
    read = kept.read(path)
    assert read.made
    assert [(row["clip"], row["path"]) for row in read.rows] == [(name, name) for name in names]


def test_another_corpus_is_kept_elsewhere():
    corpus = {"adapter": "folder", "path": "wavs"}
    place = kept.place("here", corpus, labelled=True)
    assert place == kept.place("here", dict(reversed(corpus.items())), labelled=True)
    assert place != kept.place("here", {**corpus, "path": "other"}, labelled=True)
    assert place != kept.place("here", corpus, labelled=False)
