"""A training that was killed goes on as if nothing had been."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_trainings import IMAGES, ROLES, SIGNALS, run, weights

from serflow.networks.checkpoints import SECONDS, Checkpoint
from serflow.networks.training import Trained

Row = dict[str, Any]

SETTINGS = {**IMAGES, "epochs": 3}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {"dropout": 0.0, "augmentation": "none"},
    "dropout": {"dropout": 0.5},
    "signals": {**SIGNALS, "dropout": 0.5, "epochs": 2},
    "best": {"select": "best"},
    "refit": {"select": "best", "refit": True},
    "members": {"members": 2},
    "members_refitted": {"members": 2, "refit": True, "epochs": 2},
    "mixup": {"mixup": 0.4},
    "patience": {"patience": 2, "select": "best", "epochs": 9},
    "sgd": {"optimizer": "sgd", "schedule": "cosine"},
    "constant": {"optimizer": "adam", "schedule": "constant"},
    "all": {
        "mixup": 0.4,
        "members": 2,
        "refit": True,
        "dropout": 0.5,
        "label_smoothing": 0.1,
        "class_weights": "balanced",
        "select": "best",
        "patience": 2,
    },
}


class Killed(BaseException):
    """Nothing of the project catches it."""


class Fragile(Checkpoint):
    """Stores after each epoch, and has its training killed after so many of them."""

    def __init__(self, path: Path, fingerprint: str, epochs: int) -> None:
        super().__init__(path, fingerprint, seconds=0)
        self.left = epochs

    def offer(self, name: str, state: Callable[[], dict[str, Any]]) -> None:
        super().offer(name, state)
        self.left -= 1
        if not self.left:
            raise Killed


def whole(way: str) -> tuple[Trained, list[Row], int]:
    """Train undisturbed; return with the number of epochs of all networks together."""
    counted = Checkpoint(Path("never"), "", seconds=float("inf"))
    number = [0]
    counted.offer = lambda name, state: number.__setitem__(0, number[0] + 1)  # type: ignore[method-assign]
    trained, rows = run({**SETTINGS, **WAYS[way]}, checkpoint=counted)
    return trained, rows, number[0]


@pytest.mark.parametrize("way", WAYS)
def test_a_killed_training_goes_on_bit_for_bit(way: str, tmp_path: Path) -> None:
    trained, rows, epochs = whole(way)
    path = tmp_path / "some" / "checkpoint.pt"
    for after in sorted({1, epochs // 2 + 1, epochs}):
        with pytest.raises(Killed):
            run({**SETTINGS, **WAYS[way]}, checkpoint=Fragile(path, "mine", after))
        stored = Checkpoint(path, "mine", seconds=0)
        assert stored.begun
        done = sum(state["progress"]["epoch"] for state in stored._parts.values())
        assert done == after
        torch.rand(3)
        again, again_rows = run({**SETTINGS, **WAYS[way]}, checkpoint=stored)
        assert again.probabilities.tobytes() == trained.probabilities.tobytes()
        assert again_rows == rows
        assert weights(again) == weights(trained)
        assert again.network.preprocessing == trained.network.preprocessing
        assert again.best_epoch == trained.best_epoch
        assert again.train_seconds > stored.spent > 0
        stored.remove()
        assert list(path.parent.iterdir()) == []


def test_killed_again_and_again(tmp_path: Path) -> None:
    trained, rows, epochs = whole("members_refitted")
    kills = 0
    while True:
        again_rows: list[Row] = []
        try:
            fragile = Fragile(tmp_path / "c.pt", "mine", epochs=2)
            again, again_rows = run({**SETTINGS, **WAYS["members_refitted"]}, checkpoint=fragile)
        except Killed:
            kills += 1
            continue
        break
    assert kills == epochs // 2
    assert again_rows == rows
    assert weights(again) == weights(trained)


def stored(path: Path, fingerprint: str = "mine") -> bytes:
    """Store the checkpoint of a training killed after two epochs; return the file."""
    with pytest.raises(Killed):
        run(SETTINGS, checkpoint=Fragile(path, fingerprint, 2))
    return path.read_bytes()


def test_a_checkpoint_of_another_training_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "c.pt"
    stored(path)
    other = Checkpoint(path, "another", seconds=0)
    assert not other.begun
    assert other.spent == 0
    changed = np.where(ROLES == "validation", "train", ROLES)
    trained, _ = run(SETTINGS, checkpoint=other, roles=changed)
    assert weights(trained) == weights(run(SETTINGS, roles=changed)[0])


def test_of_a_damaged_file_nothing_is_used(tmp_path: Path) -> None:
    path = tmp_path / "c.pt"
    whole_file = stored(path)
    generator = np.random.default_rng(0)
    for _ in range(200):
        damaged = bytearray(whole_file)
        damaged[generator.integers(len(damaged))] ^= 1 << int(generator.integers(8))
        path.write_bytes(damaged)
        assert not Checkpoint(path, "mine").begun
        path.write_bytes(whole_file[: generator.integers(len(whole_file))])
        assert not Checkpoint(path, "mine").begun
    path.unlink()
    path.mkdir()
    assert not Checkpoint(path, "mine").begun


class Hostile:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_nothing_in_a_file_is_executed(tmp_path: Path, sealed: bool, packed: bool) -> None:
    """Neither a plain pickle nor torch's, not even with the digest that belongs to it."""
    mark, path = tmp_path / "mark", tmp_path / "c.pt"
    content = io.BytesIO()
    parts = {"parts": {"member 0": Hostile(mark)}, "spent": 0.0}
    if packed:
        torch.save(parts, content)
    else:
        pickle.dump(parts, content)
    digest = hashlib.sha256(b"mine" + content.getvalue()).digest()
    path.write_bytes((digest if sealed else b"") + content.getvalue())
    checkpoint = Checkpoint(path, "mine")
    assert not checkpoint.begun
    assert not mark.exists()
    # It is as dangerous as it says.
    content.seek(0)
    if packed:
        torch.load(content, weights_only=False)
    else:
        pickle.load(content)
    assert mark.exists()


def test_a_short_training_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.pt"
    run(SETTINGS, checkpoint=Checkpoint(path, "mine", seconds=SECONDS))
    assert not path.exists()


def test_half_written_files_take_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.pt"
    before = stored(path)

    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space"):
        run(SETTINGS, checkpoint=Checkpoint(path, "mine", seconds=0))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_folder_goes_with_the_last_checkpoint(tmp_path: Path) -> None:
    folder = tmp_path / "results" / "checkpoints"
    first, second = (folder / model / "fold0_seed0.pt" for model in ("a", "b"))
    for path in (first, second):
        stored(path)
    # A kill in the middle of writing; by another machine, so long ago that nobody writes it still.
    left = first.with_name(".part-01234567-x.pt")
    left.touch()
    os.utime(left, (0, 0))
    Checkpoint(first, "mine").remove()
    assert sorted(path.name for path in folder.rglob("*")) == ["b", "fold0_seed0.pt"]
    Checkpoint(second, "mine").remove()
    assert not folder.exists()
    assert folder.parent.is_dir()
    # Neither is one that was never written in the way, nor any other folder.
    Checkpoint(first, "mine").remove()
    (tmp_path / "other").mkdir()
    Checkpoint(tmp_path / "other" / "c.pt", "mine").remove()
    assert (tmp_path / "other").is_dir()
