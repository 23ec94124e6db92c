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


def test_one_gpu_needs_no_settling(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(gpus.tempfile, "gettempdir", lambda: str(tmp_path))
    gpus.mine.cache_clear()
    assert gpus.mine(1) == 0
    assert list(tmp_path.iterdir()) == []


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
