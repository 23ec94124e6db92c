"""Finding WAV files, and clip names made of their paths."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.corpora.walk import clip_name, require_folder, wav_files
from serflow.errors import UserError


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()


def test_any_case_any_depth_sorted(tmp_path: Path):
    make(tmp_path, "b/c/2.WAV", "b.wav", "b/1.Wav", "a/z.wav", "a/notes.txt", "a/wav", "Ä/ß.wav")
    assert wav_files(tmp_path, "k") == ["a/z.wav", "b.wav", "b/1.Wav", "b/c/2.WAV", "Ä/ß.wav"]


def test_a_folder_called_like_a_recording_is_a_folder(tmp_path: Path):
    make(tmp_path, "x.wav/1.wav")
    assert wav_files(tmp_path, "k") == ["x.wav/1.wav"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path):
    make(tmp_path, "a/._1.wav", ".trash/2.wav", "__MACOSX/._3.wav", "a/1.wav")
    assert wav_files(tmp_path, "k") == ["a/1.wav"]


def test_links_are_followed_but_never_in_a_circle(tmp_path: Path):
    make(tmp_path, "real/1.wav", "corpus/x/2.wav")
    (tmp_path / "corpus" / "one").symlink_to(tmp_path / "real")
    (tmp_path / "corpus" / "two").symlink_to(tmp_path / "real")
    (tmp_path / "corpus" / "x" / "up").symlink_to(tmp_path / "corpus")
    (tmp_path / "corpus" / "x" / "self").symlink_to(tmp_path / "corpus" / "x")
    assert wav_files(tmp_path / "corpus", "k") == ["one/1.wav", "two/1.wav", "x/2.wav"]


def test_a_broken_link_is_not_passed_over(tmp_path: Path):
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere")
    assert wav_files(tmp_path, "k") == ["gone.wav"]


def test_an_unreadable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, "a/1.wav", "locked/2.wav")
    scandir = os.scandir

    def refuse(path: str):
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(
        UserError, match=r"`corpus\.path`: .*/locked cannot be read \(Permission denied\)"
    ):
        wav_files(tmp_path, "corpus.path")


def test_a_link_to_itself_is_told(tmp_path: Path):
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    with pytest.raises(UserError, match=r"`k`: .*loop.wav cannot be read \(Too many levels"):
        wav_files(tmp_path, "k")


def test_a_name_that_is_not_utf8_is_told(tmp_path: Path):
    try:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.wav"))).touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    with pytest.raises(UserError, match=r"`k`: the name .*udcff.* is not UTF-8; rename"):
        wav_files(tmp_path, "k")


def test_a_folder_is_required(tmp_path: Path):
    make(tmp_path, "file")
    assert require_folder(str(tmp_path), "corpus.path") == tmp_path
    with pytest.raises(UserError, match=r"`corpus\.path`: .*/file is not a folder; wanted is"):
        require_folder(tmp_path / "file", "corpus.path")
    with pytest.raises(UserError, match=r"`corpus\.path`: .*/absent does not exist; wanted is"):
        require_folder(tmp_path / "absent", "corpus.path")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Angry/1.wav", "Angry/1"),
        ("a.b.WAV", "a.b"),
        ("/data/x/1.wav", "data/x/1"),
        ("../../etc/1.wav", "etc/1"),
        ("./a/./1.wav", "a/1"),
        (r"C:\wavs\1.wav", "C:/wavs/1"),
        ("no_suffix", "no_suffix"),
        ("...wav", "...wav"),
        ("... ", "... "),
        ("..", ""),
        ("/", ""),
        (".", ""),
        ("", ""),
    ],
)
def test_clip_names(path: str, name: str):
    assert clip_name(path) == name


@given(st.text(alphabet="ab./\\ ä", max_size=12))
def test_no_clip_name_leads_out_of_a_folder(path: str):
    name = clip_name(path)
    assert not name.startswith("/")
    assert ".." not in name.split("/")
    assert "\\" not in name


@given(st.lists(st.text(st.sampled_from("a.é_ "), min_size=1, max_size=4), min_size=1, max_size=3))
def test_a_clip_name_is_the_path_without_its_suffix(parts: list[str]):
    path = "/".join(parts)
    if not {".", ".."} & {*parts, PurePosixPath(path).stem}:
        assert clip_name(path) == str(PurePosixPath(path).with_suffix(""))
