"""Draws of few labels, and classifiers from two starts on the same draws."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from serflow.networks import label_shares
from serflow.networks.checkpoints import Checkpoint
from serflow.networks.label_shares import Answers, compare, draw, schedule, score, write_answers
from serflow.networks.training import Trained, train
from serflow.tables import read_tsv

LABELS = np.repeat([0, 1, 2], [40, 20, 5])
ROWS = np.arange(len(LABELS))
CLASSES = ["Angry", "Calm", "Happy"]
SETTINGS: dict[str, Any] = {
    "family": "gan_cnn2d",
    "size": [16, 12],
    "channels": [3, 4],
    "dropout": 0.2,
    "label_shares": [0.25, 1],
    "epochs": 3,
    "batch_size": 4,
    "optimizer": "adamw",
    "learning_rate": 0.01,
    "schedule": "one_cycle",
    "weight_decay": 0.01,
    "label_smoothing": 0,
    "mixup": 0,
    "class_weights": "none",
    "patience": None,
    "select": "last",
    "refit": False,
    "members": 1,
    "copies": 0,
    "augmentation": "none",
}


@pytest.mark.parametrize(
    ("share", "counts"),
    [(0.05, [2, 1, 1]), (0.1, [4, 2, 1]), (0.5, [20, 10, 2]), (1, [40, 20, 5]), (1e-9, [1, 1, 1])],
)
def test_each_class_gives_its_share_and_at_least_one_clip(share: float, counts: list[int]) -> None:
    drawn = draw(LABELS, ROWS, share, seed=3)
    assert np.bincount(LABELS[drawn]).tolist() == counts
    assert drawn.tolist() == sorted(set(drawn.tolist()))


def test_only_the_given_rows_are_drawn() -> None:
    rows = np.arange(1, len(LABELS), 2)
    assert set(draw(LABELS, rows, 0.5, seed=0).tolist()) < set(rows.tolist())
    assert draw(LABELS, rows, 1, seed=0).tolist() == rows.tolist()


def test_draws_repeat_and_differ_between_seeds() -> None:
    drawn = [draw(LABELS, ROWS, 0.25, seed).tolist() for seed in (0, 0, 1, 2)]
    assert drawn[0] == drawn[1]
    assert len({tuple(one) for one in drawn}) == 3


def test_a_larger_share_adds_clips() -> None:
    draws = [set(draw(LABELS, ROWS, share, seed=4).tolist()) for share in (0.05, 0.1, 0.5, 1)]
    assert draws == sorted(draws, key=len)
    assert all(small < large for small, large in pairwise(draws))


def test_few_clips_take_as_many_steps_as_all() -> None:
    settings = {**SETTINGS, "epochs": 40, "batch_size": 32}
    # 40 epochs of 12 batches; 19 clips are one batch, 96 are three, 100 are four.
    assert schedule(settings, 384, 19)["epochs"] == 480
    assert schedule(settings, 384, 96)["epochs"] == 160
    assert schedule(settings, 384, 100)["epochs"] == 120
    assert schedule(settings, 384, 384) == settings


def test_nothing_is_chosen_by_clips_whose_labels_are_not_there() -> None:
    tuned = {**SETTINGS, "select": "best", "patience": 3, "refit": True, "members": 2}
    assert schedule(tuned, 12, 12) == SETTINGS


# Twelve training clips, four of them validation's and three of the test's.
TRUTH = np.arange(19) % 3
ROLES = np.array(["train"] * 12 + ["validation"] * 4 + ["test"] * 3)


def images(seed: int = 0) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    return generator.integers(0, 256, (len(TRUTH), 16, 12), dtype=np.uint8)


def start(module: nn.Module) -> None:
    """Give weights that no draw gives."""
    with torch.no_grad():
        for weights in module.features.parameters():
            weights.fill_(0.1)


def model(**more: Any) -> Trained:
    settings = {**SETTINGS, **more}
    return train(images(), TRUTH, ROLES, CLASSES, settings, seed=5, device="cpu", start=start)


def compared(inputs: np.ndarray | None = None, **more: Any) -> list[Answers]:
    settings = {**SETTINGS, **more.pop("settings", {})}
    inputs = images() if inputs is None else inputs
    fixed = (inputs, TRUTH, ROLES, CLASSES, settings, 5)
    given = {"model": model(), **more}
    return list(compare(*fixed, start, device="cpu", **given))


def test_every_share_has_both_starts() -> None:
    answers = compared()
    assert [(each.share, each.start, each.clips) for each in answers] == [
        (0.25, "gan", 3),
        (0.25, "random", 3),
        (1, "gan", 12),
        (1, "random", 12),
    ]
    assert all(each.predicted.shape == (3,) for each in answers)


class Noted:
    """Notes how `train` is called, and trains."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[dict[str, Any]] = []
        monkeypatch.setattr(label_shares, "train", self)

    def __call__(self, *given: Any, **more: Any) -> Trained:
        _inputs, _labels, roles, _classes, settings, seed, *_where = given
        self.calls.append({"roles": roles, "settings": settings, "seed": seed, **more})
        return train(*given, **more)


def test_both_starts_differ_in_the_first_weights_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Noted(monkeypatch)
    compared(settings={"label_shares": [0.25, 0.5]})
    for gan, random in (noted.calls[:2], noted.calls[2:]):
        assert gan.pop("start") is start
        assert random.pop("start") is None
        assert gan.pop("part") != random.pop("part")
        np.testing.assert_array_equal(gan["roles"], random.pop("roles"))
        assert {key: value for key, value in gan.items() if key != "roles"} == random
    small, large = (call["roles"] for call in noted.calls[::2])
    assert np.count_nonzero(small == "train") == 3
    assert np.count_nonzero(large == "train") == 6
    for roles in (small, large):
        assert not (roles == "validation").any()
        assert (roles == "test").tolist() == (ROLES == "test").tolist()


def test_with_all_labels_the_model_itself_is_the_one_from_the_gan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted = Noted(monkeypatch)
    of_model = compared(settings={"label_shares": [1]})
    assert [call["start"] for call in noted.calls] == [None]
    # Trained again, it would say the same to the last bit.
    alone = model()
    np.testing.assert_array_equal(of_model[0].predicted, alone.probabilities.argmax(axis=1))
    given = np.where(ROLES == "validation", "", ROLES)
    fixed = (images(), TRUTH, given, CLASSES, SETTINGS)
    again = train(*fixed, seed=5, device="cpu", start=start)
    np.testing.assert_array_equal(again.probabilities, alone.probabilities)


def test_a_model_that_chose_its_epoch_is_not_the_one_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted = Noted(monkeypatch)
    compared(settings={"label_shares": [1], "select": "best"}, model=model(select="best"))
    assert [call["settings"]["select"] for call in noted.calls] == ["last", "last"]


def test_validation_clips_have_no_part() -> None:
    changed = images()
    changed[ROLES == "validation"] = images(seed=9)[ROLES == "validation"]
    for ours, theirs in zip(compared(), compared(changed), strict=True):
        np.testing.assert_array_equal(ours.predicted, theirs.predicted)


def test_finished_classifiers_are_not_trained_again_after_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "state.pt"
    first = Checkpoint(file, "this one", seconds=0)
    expected = compared(checkpoint=first)
    again = Checkpoint(file, "this one", seconds=0)
    names = [f"{each.column}, member 0" for each in expected if each.column != "gan 1"]
    assert all(again.part(name) for name in names)
    epochs = [again.part(name)["progress"]["epoch"] for name in names]  # type: ignore[index]
    # Three epochs of three batches each; of three clips, nine of one.
    assert epochs == [9, 9, 3]
    for ours, theirs in zip(compared(checkpoint=again), expected, strict=True):
        np.testing.assert_array_equal(ours.predicted, theirs.predicted)


def test_scores_and_answers_as_tables(tmp_path: Path) -> None:
    truth = np.array([0, 0, 0, 2])
    few = Answers(0.25, "random", 3, np.array([0, 0, 1, 0]))
    everything = Answers(1, "gan", 12, np.array([0, 0, 0, 2]))
    assert score(few, truth, 3, fold=2, seed=7) == {
        "share": 0.25,
        "start": "random",
        "fold": 2,
        "seed": 7,
        "clips": 3,
        # Two of three of the first class, none of the third; the second is not tested.
        "uar": pytest.approx(1 / 3),
        "wa": 0.5,
    }
    file = tmp_path / "answers.tsv"
    clips, speakers = ["a", "b", "c", "d"], ["x", "x", "y", "y"]
    names = [CLASSES[number] for number in truth]
    write_answers(file, clips, speakers, names, CLASSES, [few, everything])
    rows = read_tsv(file)
    assert list(rows[0]) == ["clip", "speaker", "label", "random 0.25", "gan 1"]
    assert [row["random 0.25"] for row in rows] == ["Angry", "Angry", "Calm", "Angry"]
    assert [row["gan 1"] for row in rows] == [row["label"] for row in rows] == names
