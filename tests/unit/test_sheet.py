"""Corpora that a table describes."""

from __future__ import annotations

from pathlib import Path

import pytest

from serflow.corpora.sheet import read
from serflow.errors import UserError


def write(folder: Path, text: str, name: str = "clips.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def test_rows_and_attributes(tmp_path: Path):
    sheet = write(
        tmp_path,
        "path,label,speaker,split,room\na/1.wav, Angry ,01,Train,studio\nb/2.wav,Sad,,,\n",
    )
    assert read(sheet) == [
        {
            "clip": "a/1",
            "path": str(tmp_path / "a/1.wav"),
            "label": "Angry",
            "speaker": "01",
            "split": "train",
            "room": "studio",
        },
        {
            "clip": "b/2",
            "path": str(tmp_path / "b/2.wav"),
            "label": "Sad",
            "speaker": "",
            "split": "",
            "room": "",
        },
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "path,label\n1.wav,Sad\n"),
        ("x.csv", "path;label\r\n1.wav;Sad\r\n"),
        ("x.csv", "\ufeffpath,label\n1.wav,Sad"),
        ("x.csv", " path , label \n1.wav,Sad\n"),
        ("x.csv", 'label,path\nSad,"1.wav"\n'),
        ("x.csv", "path,label\n\n1.wav,Sad\n\n"),
        ("x.TSV", "path\tlabel\n1.wav\tSad\n"),
        ("x.txt", "path,label\n1.wav,Sad\n"),
        ("x.csv", ",path,label\n0,1.wav,Sad\n"),  # the index that pandas writes
    ],
)
def test_the_ways_to_write_one_table(tmp_path: Path, name: str, text: str):
    [row] = read(write(tmp_path, text, name))
    assert row == {
        "clip": "1",
        "path": str(tmp_path / "1.wav"),
        "label": "Sad",
        "speaker": "",
        "split": "",
    }


def test_cells_may_hold_delimiters_and_line_separators(tmp_path: Path):
    sheet = write(tmp_path, 'path,label,note\n1.wav,Sad,"a, ""b""\nc"\n2.wav,Sad,x\u2028y\n')
    assert [row["note"] for row in read(sheet)] == ['a, "b"\nc', "x\u2028y"]


def test_an_absolute_path_and_a_clip_name(tmp_path: Path):
    sheet = write(tmp_path, "path,label,clip\n/data/1.wav,Sad,first.take\n/data/2.wav,Sad,\n")
    found = [(row["clip"], row["path"]) for row in read(sheet)]
    assert found == [("first.take", "/data/1.wav"), ("data/2", "/data/2.wav")]
    assert "clip" not in set(read(sheet)[0]) - {"clip", "path", "label", "speaker", "split"}


def test_chosen_labels(tmp_path: Path):
    sheet = write(tmp_path, "path,label\n1.wav,Sad\n2.wav,Joy\n")
    assert [row["label"] for row in read(sheet, ["Joy"])] == ["Joy"]
    with pytest.raises(UserError, match=r"`corpus\.labels`: no row of .* has the label Calm, Rage"):
        read(sheet, ["Joy", "Rage", "Calm"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"the column path, label is missing; the first line has nothing"),
        ("file,label\n", r"the column path is missing; the first line has file, label"),
        ("path,label,mtime\n", r"the column mtime is SERflow's own"),
        ("path,label,path\n", r"the column path stands there twice"),
        ("path,label\n", r"`corpus\.path`: .* has no rows"),
        ("path,label\n1.wav,Sad\n2.wav\n", r"line 3: as many cells are wanted"),
        ("path,label\n1.wav,Sad,x\n", r"line 2: as many cells are wanted"),
        ("path,label\n1.wav,\n", r"line 2: label is empty; wanted is the emotion"),
        ("path,label\n ,Sad\n", r"line 2: path is empty; wanted is the WAV's path"),
        ("path,label,split\n1.wav,Sad,dev\n", r"line 2: split is 'dev'; wanted is one of train, "),
        ("path,label\n..,Sad\n", r"line 2: path is '\.\.', which names no WAV file"),
        ("path,label\nx\0/1.wav,Sad\n", r"line 2: path holds a null character"),
        ("path,label\n1.wav,Sa\0d\n", r"line 2: label holds a null character"),
        (f"path,label,clip\n1.wav,Sad,{'ä' * 126}\n", r"line 2: the clip's name .*250 bytes"),
        ('path,label\n1.wav,"Sad\n', r"line 2: not a table"),
        ('path,"label"x\n1.wav,Sad\n', r"not a table"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str):
    sheet = write(tmp_path, text)
    with pytest.raises(UserError, match=told) as caught:
        read(sheet)
    assert str(sheet) in str(caught.value)


def test_a_missing_sheet_and_another_encoding_are_told(tmp_path: Path):
    with pytest.raises(UserError, match=r"`corpus\.path`: .* is not a file; wanted is a CSV"):
        read(tmp_path / "absent.csv")
    (tmp_path / "latin.csv").write_bytes("path,label\n1.wav,Ärger\n".encode("latin-1"))
    with pytest.raises(UserError, match=r"`corpus\.path`: .* is not UTF-8 text .*save it as UTF-8"):
        read(tmp_path / "latin.csv")
