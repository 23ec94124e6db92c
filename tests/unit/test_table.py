"""The clip table of every adapter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from serflow.corpora.checking import VERDICT
from serflow.corpora.measuring import GONE
from serflow.corpora.table import ClipTable, build, describe, measure, of_run
from serflow.errors import UserError
from serflow.tables import write_tsv


def wavs(folder: Path, *paths: str) -> dict[str, Any]:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"12345")
    return {
        "adapter": "folder",
        "path": str(folder),
        "speaker": None,
        "label": None,
        "labels": None,
    }


def sheet(folder: Path, text: str) -> dict[str, Any]:
    (folder / "clips.csv").write_text(text, encoding="utf-8")
    return {"adapter": "sheet", "path": str(folder / "clips.csv"), "labels": None}


def test_the_demonstration_is_made_later():
    corpus = {"adapter": "demo", "speakers": 12, "repetitions": 1, "intensities": 2}
    table = build(corpus, "results/demo/wavs")
    assert table.made
    assert len(table.labels) == 4
    assert len({row["speaker"] for row in table.rows}) == 12
    assert all(row["path"] == f"results/demo/wavs/{row['clip']}.wav" for row in table.rows)
    assert [row["clip"] for row in table.rows] == sorted(row["clip"] for row in table.rows)
    assert not any("mtime" in row for row in table.rows)


def test_ravdess_to_be_downloaded():
    table = build({"adapter": "ravdess", "path": None, "emotions": ["Sad", "Calm"]}, "made")
    assert table.made
    assert len(table.rows) == 384
    assert table.rows[0]["path"] == "made/Actor_01/03-01-02-01-01-01-01.wav"


def test_ravdess_at_hand(tmp_path: Path):
    wavs(tmp_path, "x/03-01-04-01-01-01-01.wav", "x/03-01-05-01-01-01-01.wav")
    corpus = {"adapter": "ravdess", "path": str(tmp_path), "emotions": ["Sad", "Angry"]}
    table = build(corpus, "made")
    assert not table.made
    assert [row["path"] for row in table.rows] == [
        str(tmp_path / "x/03-01-04-01-01-01-01.wav"),
        str(tmp_path / "x/03-01-05-01-01-01-01.wav"),
    ]
    assert table.rows[0]["bytes"] == 5


def test_a_folder_is_measured_and_sorted(tmp_path: Path):
    corpus = wavs(tmp_path, "Sad/b.wav", "Angry/c.wav")
    os.utime(tmp_path / "Sad/b.wav", ns=(7, 1_234_567_890_123_456_789))
    table = build(corpus, "made")
    assert [row["clip"] for row in table.rows] == ["Angry/c", "Sad/b"]
    assert table.labels == ["Angry", "Sad"]
    assert (table.rows[1]["bytes"], table.rows[1]["mtime"]) == (5, 1_234_567_890_123_456_789)
    assert table.columns == ["clip", "path", "label", "speaker", "split", "bytes", "mtime"]


def test_a_sheets_rows_are_sorted_and_keep_their_attributes(tmp_path: Path):
    for name in ("b.wav", "a.wav"):
        (tmp_path / name).touch()
    table = build(sheet(tmp_path, "path,label,room\nb.wav,Sad,x\na.wav,Joy,y\n"), "")
    assert [(row["clip"], row["room"]) for row in table.rows] == [("a", "y"), ("b", "x")]
    assert table.columns[5:] == ["room", "bytes", "mtime"]


def test_columns_hold_the_attributes_of_all_rows():
    rows = [{"clip": "a", "bytes": 1, "room": "x"}, {"clip": "b", "age": "3", "mtime": 2}]
    assert ClipTable(rows, made=False).columns == [
        *("clip", "path", "label", "speaker", "split"),
        *("room", "age", "bytes", "mtime"),
    ]


def test_counts_in_words(tmp_path: Path):
    corpus = wavs(tmp_path, "Sad/x_1.wav", "Sad/x_2.wav", "Angry/y_1.wav")
    assert describe(build(corpus, ""), "mine") == (
        "Corpus mine: 3 clips, speakers unknown; Angry 1, Sad 2"
    )
    corpus["speaker"] = "/(.)_"
    assert describe(build(corpus, ""), "mine") == "Corpus mine: 3 clips, 2 speakers; Angry 1, Sad 2"


def test_what_is_not_there_or_not_readable_has_a_size_and_time_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    names = ("there", "gone", "hidden", "private")
    corpus = sheet(tmp_path, "path,label\n" + "".join(f"{n}.wav,{n}\n" for n in names))
    for name in ("there", "hidden", "private"):
        (tmp_path / f"{name}.wav").write_bytes(b"1234")
        (tmp_path / f"{name}.wav").chmod(0o644 if name == "there" else 0o600)
    # Whether root may read a file does not depend on its permissions.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).stem == "private")
    found = {row["clip"]: row for row in build(corpus, "").rows}
    assert [found[name]["bytes"] for name in names] == [4, GONE, 4, 4]
    assert [found[name]["mtime"] == GONE for name in names] == [False, True, True, False]


def test_a_corpus_that_is_elsewhere_is_told(tmp_path: Path):
    corpus = sheet(tmp_path, "path,label\na.wav,Sad\nb.wav,Happy\n")
    with pytest.raises(UserError, match=r"none of the 2 recordings .* is there, .*a\.wav for one"):
        build(corpus, "")


def test_measuring_nothing_is_no_mistake():
    measure([])


def test_a_clip_name_that_stands_there_twice_is_told(tmp_path: Path):
    corpus = wavs(tmp_path, "Sad/a.wav", "Sad/a.WAV", "Joy/a.wav")
    with pytest.raises(UserError, match=r"clip name 'Sad/a': .*a\.WAV and .*a\.wav; rename"):
        build(corpus, "")


def test_one_label_is_too_few(tmp_path: Path):
    with pytest.raises(UserError, match=r"only the label Sad; at least two are needed"):
        build(wavs(tmp_path, "Sad/a.wav"), "")


def test_the_table_that_a_run_wrote_is_read_as_it_was_built(tmp_path: Path):
    built = build(wavs(tmp_path / "wavs", "Calm/a.wav", "Happy/=b.wav"), "")
    path = tmp_path / "clips.tsv"
    told = [{**row, **dict.fromkeys(VERDICT, "")} for row in built.rows]
    write_tsv(path, told, [*built.columns, *VERDICT])
    assert of_run(path) == built
    assert of_run(tmp_path / "none.tsv") is None
    for content in ("", "clip\tpath\n", "clip\tbytes\tmtime\na\t1\t2\n", "clip\na\tb\n"):
        path.write_text(content, encoding="utf-8")
        assert of_run(path) is None
