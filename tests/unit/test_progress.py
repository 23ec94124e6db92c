"""What a training's log says of its epochs."""

from __future__ import annotations

from typing import Any

import pytest
from small_trainings import IMAGES, run

from serflow.networks.progress import Teller

ROW = {
    "train_loss": 1.3712,
    "train_uar": 0.32,
    "validation_loss": None,
    "validation_uar": None,
    "learning_rate": 0.00012,
}


def told(*rows: tuple[int, bool], last: int, name: str = "", done: int = 0) -> list[str]:
    """Return what is told of epochs; each lasts two seconds."""
    lines: list[str] = []
    now = [2.0 * done]
    teller = Teller(name, last, done, lines.append, lambda: now[0])
    for epoch, better in rows:
        now[0] = 2.0 * epoch
        teller({"epoch": epoch, **ROW}, better)
    return lines


def test_an_epoch_is_one_line_with_its_number_scores_rate_and_seconds():
    assert told((1, False), last=40, name="member 2 of 3") == [
        "member 2 of 3: epoch 1/40: training loss 1.371, UAR 0.320; learning rate 0.00012; 2.0 s"
    ]


def test_scores_of_validation_clips_stand_beside_and_a_better_epoch_is_told():
    lines: list[str] = []
    row: dict[str, Any] = {"epoch": 3, "validation_loss": 0.5, "validation_ccc": -0.25}
    Teller("", 3, tell=lines.append, clock=lambda: 0.0)(row, better=True)
    assert lines == ["epoch 3/3, the best so far: validation loss 0.500, CCC -0.250; 0.0 s"]


def test_of_a_thousand_epochs_some_are_told_and_the_seconds_are_still_of_one():
    lines = told(*((epoch, epoch == 7) for epoch in range(1, 1001)), last=1000)
    assert [line.split(":")[0] for line in lines[:5]] == [
        "epoch 1/1000",
        "epoch 5/1000",
        "epoch 7/1000, the best so far",
        "epoch 10/1000",
        "epoch 15/1000",
    ]
    assert len(lines) == 202
    assert lines[-1].startswith("epoch 1000/1000: ")
    assert all(line.endswith("; 2.0 s") for line in lines)


def test_a_training_that_goes_on_says_from_where():
    lines = told((6, False), last=9, done=5)
    assert lines[0] == "going on after epoch 5/9"
    assert lines[1].startswith("epoch 6/9: ")
    assert lines[1].endswith("; 2.0 s")


def test_a_training_tells_its_parts_and_what_each_keeps(caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO", "serflow")
    settings = {**IMAGES, "epochs": 2, "members": 2, "select": "best", "refit": True}
    trained, _ = run(settings)
    lines = [record.getMessage() for record in caplog.records]
    parts = [
        f"member {member} of 2, {which}"
        for member in (1, 2)
        for which in ("first training", "second training, validation clips too")
    ]
    assert list(dict.fromkeys(line.split(": ")[0] for line in lines)) == parts
    first = [line for line in lines if line.startswith(parts[0])]
    assert first[0].startswith(f"{parts[0]}: epoch 1/2, the best so far: training loss ")
    assert "; validation loss " in first[0]
    assert "; learning rate " in first[0]
    assert first[-1] == f"{parts[0]}: the weights of epoch {trained.best_epoch}/2 are kept"
