"""Tab-separated tables."""

from __future__ import annotations

import csv
import math
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.tables import cell, each, each_row, guarded, plain, read_tsv, write_tsv


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (1.0, "1"),
        (1234567.0, "1.23457e+06"),
        (np.float64(0.1) + np.float64(0.2), "0.3"),
        (math.nan, "nan"),
        (1234567, "1234567"),
        (True, "True"),
        (None, ""),
        ("0.123456789", "0.123456789"),
    ],
)
def test_cells(value: object, text: str):
    assert cell(value) == text


def test_the_bytes_of_a_table(tmp_path: Path):
    path = tmp_path / "new" / "t.tsv"
    write_tsv(path, [{"b": 0.5, "a": "x", "unused": 1}, {"a": "y\tz", "b": None}], ["a", "b"])
    assert path.read_bytes() == b'a\tb\nx\t0.5\n"y\tz"\t\n'
    assert read_tsv(path) == [{"a": "x", "b": "0.5"}, {"a": "y\tz", "b": ""}]


def test_an_empty_table_has_its_columns(tmp_path: Path):
    write_tsv(tmp_path / "t.tsv", [], ["a", "b"])
    assert (tmp_path / "t.tsv").read_bytes() == b"a\tb\n"
    assert read_tsv(tmp_path / "t.tsv") == []


def test_a_hole_is_a_defect_and_writes_nothing(tmp_path: Path):
    with pytest.raises(KeyError, match="b"):
        write_tsv(tmp_path / "t.tsv", [{"a": 1}], ["a", "b"])
    assert not (tmp_path / "t.tsv").exists()


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_any_text_is_read_as_it_was_written(cells: list[tuple[str, str]]):
    rows = [{"first": a, "second": b} for a, b in cells]
    with tempfile.TemporaryDirectory() as folder:
        write_tsv(Path(folder, "t.tsv"), rows, ["first", "second"])
        assert read_tsv(Path(folder, "t.tsv")) == rows


def test_rows_one_at_a_time_are_as_they_were_written(tmp_path: Path):
    path = tmp_path / "splits.tsv"
    table = [
        {"clip": clip, "fold": fold, "role": "train"}
        for clip in ("Sad/a", 'with "quotes"', "a\ttab", "two\nlines", "return\r", "é")
        for fold in (0, 1)
    ]
    write_tsv(path, table, ["clip", "fold", "role"])
    assert list(each_row(path)) == [{**row, "fold": str(row["fold"])} for row in table]
    assert list(each_row(path)) == read_tsv(path)


def test_no_more_is_read_than_asked_for(tmp_path: Path):
    path = tmp_path / "splits.tsv"
    path.write_bytes(b"clip\tfold\n" + b"a\t0\n" * 20_000 + b"\xff\n")
    assert next(each_row(path)) == {"clip": "a", "fold": "0"}


COMPUTED = [
    "=cmd()",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\r=x",
    "\n=x",
    "-",
    "=",
    "+a",
    "--1",
    "-0x1",
]
NUMBERS = ["-0.5", "+1", "-1e-05", "-inf", "12", "0"]
HARMLESS = ["a=b", "x-1", "'quoted'", "'", "''", "it's", " =x", ""]


@pytest.mark.parametrize("text", COMPUTED)
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str):
    assert guarded(text) == f"'{text}"
    # One that looks so already keeps its own.
    assert guarded(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", NUMBERS + HARMLESS)
def test_numbers_and_other_text_stand_as_they_are(text: str):
    assert guarded(text) == plain(text) == text


@given(st.text("'=+-@\t\r\n1a.", max_size=6))
def test_a_guarded_cell_is_read_as_it_was(text: str):
    assert plain(guarded(text)) == text


def test_a_table_without_a_formula(tmp_path: Path):
    """No cell of it, no column's name either, and all of them are found again."""
    path = tmp_path / "t.tsv"
    rows = [{"=a": text, "b": "-0.5", "c": -0.5} for text in [*COMPUTED, "'=x", *HARMLESS]]
    write_tsv(path, rows, ["=a", "b", "c"])
    with path.open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream, delimiter="\t") for cell in row]
    assert {cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n")} == {"-0.5"}
    assert read_tsv(path) == [{**row, "c": "-0.5"} for row in rows]
    assert list(each(path, ["b", "=a"])) == [(row["b"], row["=a"]) for row in rows]


def test_a_row_of_other_columns_than_the_first_is_a_defect(tmp_path: Path):
    (tmp_path / "t.tsv").write_text("a\tb\n1\n")
    with pytest.raises(ValueError, match="shorter"):
        read_tsv(tmp_path / "t.tsv")


# A sheet is a table that a user wrote.
OTHERS = {"workflow/serflow/tables.py", "workflow/serflow/corpora/sheet.py"}


def test_no_other_module_reads_or_writes_tables(root: Path):
    users = {
        path.relative_to(root).as_posix()
        for path in (root / "workflow").rglob("*.py")
        if re.search(r"^\s*(import|from) (csv|pandas)\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert users == OTHERS
