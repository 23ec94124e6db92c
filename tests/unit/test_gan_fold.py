"""The GAN of a fold: what it sees, that it goes on after a kill, and its samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from serflow.networks.checkpoints import Checkpoint
from serflow.networks.gan import GANCNN2D
from serflow.networks.gan_fold import SAMPLES, save_samples, start_of, train_gan
from serflow.networks.gan_training import CURVE, GANTraining

SHAPE = (20, 12)
SETTINGS: dict[str, Any] = {
    "channels": [3, 4],
    "latent": 5,
    "gan_epochs": 3,
    "gan_batch_size": 4,
}
ROLES = np.array(["test", "train", "train", "validation", "train", "", "train", "train", "train"])


def images(seed: int = 0) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    return generator.integers(0, 256, (len(ROLES), *SHAPE), dtype=np.uint8)


def trained(inputs: np.ndarray, **more: Any) -> GANTraining:
    return train_gan(inputs, ROLES, SETTINGS, seed=1, device="cpu", **more)


def weights(training: GANTraining) -> dict[str, torch.Tensor]:
    return training.discriminator.state_dict() | {
        f"generator {name}": value for name, value in training.generator.state_dict().items()
    }


def same(one: GANTraining, other: GANTraining) -> bool:
    ours, theirs = weights(one), weights(other)
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("role", ["test", "validation", "", "train"])
def test_training_clips_alone_decide(role: str) -> None:
    changed = images()
    others = role == ROLES
    changed[others] = images(seed=9)[others]
    assert same(trained(images()), trained(changed)) == (role != "train")


def test_images_are_shown_as_the_classifier_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[torch.Tensor] = []
    step = GANTraining._step

    def noted(self: GANTraining, recorded: torch.Tensor) -> torch.Tensor:
        shown.append(recorded)
        return step(self, recorded)

    monkeypatch.setattr(GANTraining, "_step", noted)
    inputs = images()
    trained(inputs)
    # Six training clips in batches of four: one step an epoch.
    assert [len(batch) for batch in shown] == [4, 4, 4]
    expected = {(image / 127.5 - 1).tobytes() for image in inputs[ROLES == "train"]}
    for batch in shown:
        for image in batch.numpy():
            nearest = min(
                float(np.abs(np.frombuffer(one).reshape(SHAPE) - image).max()) for one in expected
            )
            assert nearest < 1e-6


def test_each_epoch_is_told() -> None:
    rows: list[dict[str, Any]] = []
    trained(images(), on_epoch=rows.append)
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert all(tuple(row) == CURVE for row in rows)


class Killed(Exception):
    """Stands for the end of the process."""


def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole: list[dict[str, Any]] = []
    expected = trained(images(), on_epoch=whole.append)

    def kill(row: dict[str, Any]) -> None:
        if row["epoch"] == 3:
            raise Killed

    file = tmp_path / "state.pt"
    with pytest.raises(Killed):
        trained(images(), on_epoch=kill, checkpoint=Checkpoint(file, "this one", seconds=0))
    told: list[dict[str, Any]] = []
    resumed = Checkpoint(file, "this one", seconds=0)
    assert resumed.begun
    assert same(trained(images(), on_epoch=told.append, checkpoint=resumed), expected)
    assert told == whole


def test_a_finished_gan_is_not_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = Checkpoint(tmp_path / "state.pt", "this one")
    expected = trained(images(), checkpoint=checkpoint)
    monkeypatch.setattr(GANTraining, "_step", lambda *_: pytest.fail("trained again"))
    assert same(trained(images(), checkpoint=checkpoint), expected)


def test_a_classifier_is_given_its_convolutions() -> None:
    training = trained(images())
    classifier = GANCNN2D(3, SHAPE, tuple(SETTINGS["channels"]))
    start_of(training)(classifier)
    for name, value in training.discriminator.features.state_dict().items():
        assert torch.equal(classifier.features.state_dict()[name], value), name


def test_samples_are_grey_values_beside_training_clips(tmp_path: Path) -> None:
    inputs, file = images(), tmp_path / "samples.npz"
    training = trained(inputs)
    save_samples(file, training, inputs, ROLES, seed=1)
    with np.load(file, allow_pickle=False) as stored:
        generated, recorded = stored["generated"], stored["recorded"]
    assert generated.shape == (SAMPLES, *SHAPE)
    assert generated.dtype == recorded.dtype == np.uint8
    exact = (training.sample(SAMPLES, seed=1).numpy() + 1) * 127.5
    assert np.abs(generated - exact).max() <= 0.5
    # There are but six of them, each shown once.
    training_clips = {image.tobytes() for image in inputs[ROLES == "train"]}
    assert {image.tobytes() for image in recorded} == training_clips
    assert len(recorded) == len(training_clips)
