"""Reading a table row by row."""

from __future__ import annotations

from pathlib import Path

from serflow.splitting.reading import rows
from serflow.tables import read_tsv, write_tsv


def test_rows_are_as_they_were_written(tmp_path: Path):
    path = tmp_path / "splits.tsv"
    table = [
        {"clip": clip, "fold": fold, "role": "train"}
        for clip in ("Sad/a", 'with "quotes"', "a\ttab", "two\nlines", "return\r", "é")
        for fold in (0, 1)
    ]
    write_tsv(path, table, ["clip", "fold", "role"])
    assert list(rows(path)) == [{**row, "fold": str(row["fold"])} for row in table]
    assert list(rows(path)) == read_tsv(path)


def test_no_more_is_read_than_asked_for(tmp_path: Path):
    path = tmp_path / "splits.tsv"
    path.write_bytes(b"clip\tfold\n" + b"a\t0\n" * 20_000 + b"\xff\n")
    assert next(rows(path)) == {"clip": "a", "fold": "0"}
