"""The clip table that a run leaves for its jobs."""

from __future__ import annotations

from dataclasses import replace
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
    path = kept.keep(TABLE, tmp_path / "there", "results/x")
    assert path.is_absolute()
    assert kept.read(path) == TABLE


@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_any_name_that_a_file_system_gives_survives(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
):
    table = ClipTable([{"clip": name, "path": name} for name in names], made=True)
    read = kept.read(kept.keep(table, tmp_path_factory.mktemp("kept"), "r"))
    assert read.made
    assert [(row["clip"], row["path"]) for row in read.rows] == [(name, name) for name in names]


def test_another_table_is_another_file_and_the_older_one_goes(tmp_path: Path):
    first = kept.keep(TABLE, tmp_path, "results/x")
    assert kept.keep(TABLE, tmp_path, "results/x") == first
    rows = [{**TABLE.rows[0], "bytes": 45}, TABLE.rows[1]]
    second = kept.keep(replace(TABLE, rows=rows), tmp_path, "results/x")
    assert second != first
    assert list(tmp_path.iterdir()) == [second]


def test_two_results_of_one_run_have_tables_of_their_own(tmp_path: Path):
    first = kept.keep(TABLE, tmp_path, "one/results/x")
    second = kept.keep(TABLE, tmp_path, "two/results/x")
    assert {first, second} == set(tmp_path.iterdir())
    assert first != second
    assert kept.variable("one/results/x") != kept.variable("two/results/x")
    # A name that a shell hands on.
    assert kept.variable("one/results/x").replace("_", "").isalnum()
