"""Temporary files: what killed writers have left goes, what somebody writes stays."""

from __future__ import annotations

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
