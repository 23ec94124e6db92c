"""Temporary files: what killed writers have left goes, what somebody writes stays."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serflow import leftovers
from serflow.files import replacing, write_text

WRITER = """
import sys, time
from serflow.files import replacing
with replacing(sys.argv[1]) as temporary:
    temporary.write_text("half")
    print("begun", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _nothing_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a process that has not looked at any folder."""
    monkeypatch.setattr(leftovers, "_swept", set())
    monkeypatch.setattr(leftovers, "_writable", {})
    leftovers._machine.cache_clear()


@contextmanager
def another_writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a process in the middle of writing `path`, which is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "begun\n"
        try:
            yield process
        finally:
            process.kill()


def temporaries(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if name.startswith(leftovers.PREFIX))


@pytest.mark.parametrize("next_one", ["a.txt", "b.txt"])
def test_the_next_writer_deletes_what_a_killed_one_left(tmp_path: Path, next_one: str):
    with another_writer(tmp_path / "a.txt") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(temporaries(tmp_path)) == 1
        write_text(tmp_path / next_one, "whole")
    assert os.listdir(tmp_path) == [next_one]


def test_two_writers_of_one_file_do_not_hurt_each_other(tmp_path: Path):
    with another_writer(tmp_path / "a.txt"):
        (other,) = temporaries(tmp_path)
        write_text(tmp_path / "a.txt", "whole")
        assert temporaries(tmp_path) == [other]
        assert (tmp_path / other).read_text() == "half"


def test_a_file_that_is_written_anew_by_its_name_is_still_held(tmp_path: Path):
    with replacing(tmp_path / "a.txt") as temporary:
        for text in ("one", "two"):
            temporary.write_text(text)
        leftovers.sweep(tmp_path)
        assert temporary.read_text() == "two"


@pytest.mark.parametrize(("age", "left"), [(0.0, 1), (2 * leftovers.DAY, 0)])
def test_what_another_machine_left_goes_when_it_is_old(tmp_path: Path, age: float, left: int):
    other = tmp_path / f"{leftovers.PREFIX}01234567-abc.txt"
    other.write_text("half")
    then = time.time() - age
    os.utime(other, (then, then))
    write_text(tmp_path / "a.txt", "whole")
    assert len(temporaries(tmp_path)) == left


def test_other_hidden_files_and_folders_stay(tmp_path: Path):
    (tmp_path / ".partition").write_text("mine")
    (tmp_path / f"{leftovers.PREFIX}folder").mkdir()
    os.utime(tmp_path / f"{leftovers.PREFIX}folder", (0, 0))
    leftovers.sweep(tmp_path)
    leftovers.sweep(tmp_path / "missing")
    assert sorted(os.listdir(tmp_path)) == [f"{leftovers.PREFIX}folder", ".partition"]


def test_where_nothing_can_be_locked_nothing_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(leftovers.fcntl, "flock", refuse)
    with replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text("whole")
        leftovers.sweep(tmp_path)
        assert temporary.exists()
    assert (tmp_path / "a.txt").read_text() == "whole"


@pytest.mark.parametrize("refused", ["open", "pwrite", "ftruncate", "close"])
def test_where_a_lock_keeps_the_writer_out_it_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
):
    """As on SMB: what holds the lock may write, and no other descriptor of the same file."""
    left = tmp_path / f"{leftovers.PREFIX}{leftovers._machine()}-left.txt"
    left.touch()
    real, asked = getattr(os, refused), []

    def refuse(first: int | str, *others: int | bytes) -> object:
        done = real(first, *others)
        if refused == "open" and others != (os.O_WRONLY,):
            return done
        asked.append(first)
        if len(asked) == 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return done

    with monkeypatch.context() as patched:
        patched.setattr(leftovers.os, refused, refuse)
        with replacing(tmp_path / "a.txt") as temporary:
            # Nobody holds it now.
            with temporary.open("r+b") as again:
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
            temporary.write_text("whole")
            leftovers.sweep(tmp_path)
            assert temporary.exists()
        # Once a folder and process.
        write_text(tmp_path / "b.txt", "whole")
    assert temporaries(tmp_path) == [left.name]
    assert sorted(os.listdir(tmp_path)) == [left.name, "a.txt", "b.txt"]
    # Other folders may lie on another disk.
    other = tmp_path / "other" / left.name
    other.parent.mkdir()
    other.touch()
    write_text(other.parent / "a.txt", "whole")
    assert not other.exists()


def test_nothing_is_deleted_where_it_is_not_known_whether_locks_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A process may sweep a folder in which it has written nothing."""
    left = tmp_path / f"{leftovers.PREFIX}{leftovers._machine()}-left.txt"
    left.touch()

    def refuse(descriptor: int, content: bytes, at: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(leftovers.os, "pwrite", refuse)
        leftovers.sweep(tmp_path)
        assert os.listdir(tmp_path) == [left.name]
    leftovers._writable.clear()
    leftovers.sweep(tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_no_reason_to_give_up_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(descriptor: int, content: bytes, at: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(leftovers.os, "pwrite", refuse)
        with replacing(tmp_path / "a.txt") as temporary:
            temporary.write_text("whole")
            leftovers.sweep(tmp_path)
            assert temporary.exists()
            with temporary.open("r+b") as again, pytest.raises(BlockingIOError):
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert leftovers._writable == {tmp_path: True}


def test_what_is_written_begins_empty(tmp_path: Path):
    """What the try has written is gone."""
    with replacing(tmp_path / "a.txt") as temporary:
        assert temporary.read_bytes() == b""


def test_machines_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def machine(boot: str | None) -> str:
        monkeypatch.setattr(leftovers, "_BOOT", tmp_path / "boot_id")
        (tmp_path / "boot_id").unlink(missing_ok=True)
        if boot is not None:
            (tmp_path / "boot_id").write_text(f"{boot}\n")
        leftovers._machine.cache_clear()
        return leftovers._machine()

    known = [machine(boot) for boot in ("0c0e5ee8", "77c1f3d4", None)]
    assert len(set(known)) == 3
    assert machine("0c0e5ee8") == known[0]
    assert all(len(name) == 8 for name in known)


def test_many_writers_and_sweepers_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A sweep may come between a file's making and its lock, and a folder may go in between."""
    folder = tmp_path / "made" / "anew"
    ended = threading.Event()

    def disturb() -> None:
        while not ended.is_set():
            leftovers.sweep(folder)
            for path in (folder, folder.parent):
                try:
                    path.rmdir()
                except OSError:
                    break

    others = [threading.Thread(target=disturb) for _ in range(3)]
    for other in others:
        other.start()
    try:
        for number in range(200):
            write_text(folder / f"{number}.txt", str(number))
            assert (folder / f"{number}.txt").read_text() == str(number)
            (folder / f"{number}.txt").unlink()
    finally:
        ended.set()
        for other in others:
            other.join()
