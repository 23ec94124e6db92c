"""Trainings of one machine share its GPUs out among themselves."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from serflow.networks import gpus

# Takes a GPU, tells which, and keeps it until it is told to go.
HOLDER = """
import sys
from pathlib import Path
from serflow.networks import gpus
print(gpus.take(sys.argv[2:], Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


class Holders:
    """Processes that hold GPUs named "0" and "1"."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.library = root / "workflow"
        self.running: list[subprocess.Popen[str]] = []

    def start(self) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(self.folder), "0", "1"],
            env={"PYTHONPATH": str(self.library)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        assert process.stdout is not None
        return int(process.stdout.readline())

    def end(self, number: int, kill: bool = False) -> None:
        process = self.running[number]
        if kill:
            process.kill()
        process.communicate(timeout=60)


@pytest.fixture
def holders(tmp_path: Path, root: Path):
    several = Holders(tmp_path / "locks", root)
    yield several
    for process in several.running:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_each_training_has_a_gpu_of_its_own_while_there_are_any(holders: Holders):
    assert {holders.start(), holders.start()} == {0, 1}


def test_more_trainings_than_gpus_are_spread_evenly(holders: Holders):
    assert Counter(holders.start() for _ in range(6)) == {0: 3, 1: 3}


@pytest.mark.parametrize("kill", [False, True])
def test_an_ended_trainings_gpu_is_free_again(holders: Holders, kill: bool):
    taken = [holders.start(), holders.start()]
    holders.end(1, kill)
    assert holders.start() == taken[1]


def test_a_gpu_that_came_free_goes_before_one_that_is_shared(holders: Holders):
    taken = [holders.start() for _ in range(3)]
    shared = taken[2]
    # Both trainings that had a GPU first end; the third still has its own.
    holders.end(0)
    holders.end(1)
    assert holders.start() == 1 - shared


def test_a_folder_that_is_not_ours_alone_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    folder = tmp_path / "locks"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(PermissionError, match="not a folder of this user alone"):
        gpus.take(["0", "1"], folder)
    assert list(folder.iterdir()) == []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    folder.rmdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(PermissionError):
        gpus.take(["0", "1"], folder)
    # A training goes on all the same.
    monkeypatch.setattr(gpus, "take", lambda names, folder: (_ for _ in ()).throw(OSError("full")))
    gpus.mine.cache_clear()
    assert gpus.mine(2) == 0
    gpus.mine.cache_clear()


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path):
    folder = tmp_path / "locks"
    folder.mkdir(mode=0o700)
    precious = tmp_path / "precious"
    precious.write_text("kept", encoding="utf-8")
    (folder / "gpu-0.0").symlink_to(precious)
    with pytest.raises(OSError, match="symbolic links"):
        gpus.take(["0"], folder)
    assert precious.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("visible", "count", "expected"),
    [
        (None, 2, ["0", "1"]),
        ("", 2, ["0", "1"]),
        ("2,5", 2, ["2", "5"]),
        ("GPU-1a, MIG-2b/1/0", 2, ["GPU-1a", "MIG-2b/1/0"]),
        ("2,5,7", 2, ["2", "5"]),
        # What torch counts goes before what a variable says.
        ("2", 2, ["0", "1"]),
    ],
)
def test_gpus_are_known_by_the_names_that_cuda_is_told(
    monkeypatch: pytest.MonkeyPatch, visible: str | None, count: int, expected: list[str]
):
    if visible is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert gpus.names(count) == expected


def test_a_gpus_name_is_no_path(tmp_path: Path):
    folder = tmp_path / "locks"
    assert gpus.take(["../MIG/1"], folder) == 0
    assert [path.parent for path in tmp_path.rglob("*.0")] == [folder]
    assert gpus.take(["../MIG/1", "1"], folder) == 1
