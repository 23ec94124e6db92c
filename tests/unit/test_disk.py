"""A disk that is full or must not be written: said in words, by whatever library writes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from serflow import disk
from serflow.errors import UserError
from serflow.files import replacing, write_text

Tell = Callable[[Iterable[str | Path]], str | None]


class Told(Exception):
    """As libraries in other languages tell of the disk."""


def no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def quota() -> None:
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


def read_only() -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), "/x/.part-1")


def in_rust() -> None:
    raise Told("Error while serializing: I/O error: No space left on device (os error 28)")


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        (no_space, "the disk is full"),
        (in_rust, "the disk is full"),
        (quota, "your quota on this disk is used up"),
        (read_only, "the disk can only be read"),
    ],
)
def test_file_reason_and_remedy(fail: Callable[[], None], words: str, tmp_path: Path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(UserError) as caught, replacing(path):
        fail()
    told = str(caught.value)
    assert told.startswith(f"{path} cannot be written: {words} ({tmp_path.resolve()}); ")
    assert "same command again" in told
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_other_errors_stay_what_they_are(tmp_path: Path):
    for error in (
        ValueError("odd"),
        FileNotFoundError(errno.ENOENT, "no such file", "x"),
        UserError("in words"),
        OSError("without a number"),
        # Of a recording that is read while the file is written.
        PermissionError(errno.EACCES, "Permission denied", "/elsewhere/x.wav"),
    ):
        with pytest.raises(type(error)) as caught, replacing(tmp_path / "a.txt"):
            raise error
        assert caught.value is error


def test_a_folder_that_must_not_be_written(tmp_path: Path):
    folder = tmp_path / "results"
    for refused in (folder / ".part-1", folder, tmp_path):
        with pytest.raises(UserError, match="permission is denied"), disk.writing(folder / "a"):
            raise PermissionError(errno.EACCES, "Permission denied", str(refused))


def test_numpy_which_leaves_the_number_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On Linux `/dev/full` refuses every byte."""
    none_left = os.statvfs_result((4096, 4096, 100, 0, 0, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda path: none_left)
    with (
        pytest.raises(UserError, match="the disk is full"),
        replacing(tmp_path / "a.npy"),
        Path("/dev/full").open("wb", buffering=0) as file,
    ):
        np.arange(100_000.0).tofile(file)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "x", "/r/a"), "/r/a cannot be written: the disk is full (/r)"),
        (OSError(errno.ENOSPC, "x"), "an output cannot be written: the disk is full; "),
        (OSError(errno.EACCES, "x", "/r/a"), "/r/a: permission is denied; "),
    ],
)
def test_anywhere_in_a_job(error: OSError, words: str):
    told = disk.told(error)
    assert told is not None
    assert told.startswith(words)


def test_what_is_no_refusal():
    assert disk.told(OSError("odd")) is None
    assert disk.told(FileNotFoundError(errno.ENOENT, "x", "/r/a")) is None
    assert disk.told(PermissionError(errno.EACCES, "x")) is None


def test_folders_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    new = tmp_path / "new" / "folder"
    assert disk.refusal([tmp_path, new]) is None
    asked = []

    def refuse(path: Path, mode: int) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(os, "access", refuse)
    told = disk.refusal([new])
    # What is not there yet would be made in the first folder that is.
    assert asked == [tmp_path]
    assert told is not None
    assert told.startswith(f"{new} cannot be written: permission is denied (")


@pytest.mark.parametrize("inner", ["", "demo", "demo/models"])
@pytest.mark.parametrize("tell", [disk.misplaced, disk.refusal])
def test_a_link_to_a_disk_that_is_not_there(tmp_path: Path, inner: str, tell: Tell):
    link = tmp_path / "results"
    link.symlink_to(tmp_path / "scratch")
    told = tell([tmp_path, link / inner])
    assert told is not None
    assert f"{link} is a link to {tmp_path / 'scratch'}, which is not there; mount" in told
    (tmp_path / "scratch").mkdir()
    assert tell([tmp_path, link / inner]) is None


@pytest.mark.parametrize("tell", [disk.misplaced, disk.refusal])
def test_what_is_no_folder(tmp_path: Path, tell: Tell, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    for name in ("file", "link", "pipe"):
        for folder in (Path(name), Path(name, "demo"), tmp_path / name):
            told = tell([folder])
            assert told is not None
            assert told.startswith(f"{folder} cannot be written: ")
            assert f"{name} is there, but is no folder; move it away" in told
    assert "is a link to circle, which is not there" in (tell(["circle/demo"]) or "")
