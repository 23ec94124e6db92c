"""The generative adversarial network of one fold: trained on its training clips' images alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from serflow.files import replacing
from serflow.networks import normalisation
from serflow.networks.checkpoints import Checkpoint
from serflow.networks.determinism import choose_device, make_repeatable
from serflow.networks.gan import GANCNN2D
from serflow.networks.gan_training import GANTraining, train
from serflow.networks.modelfile import Clips
from serflow.networks.supply import Supply, supply

PART = "gan"
"""Name of its part of a checkpoint."""
SAMPLES = 16
"""Images of the generator that are stored."""


class Recorded:
    """The recorded images that a GAN is shown; nothing is known of them but how they look.

    Parameters
    ----------
    inputs
        Images of all clips, uint8 ``(clips, height, width)``.
    rows
        Those to be shown.
    device
        Where they are needed.
    """

    def __init__(self, inputs: Clips, rows: np.ndarray, device: torch.device) -> None:
        # A supply gives labels too; these are of nobody.
        none = torch.zeros(inputs.shape[0], dtype=torch.int64)
        self._supply: Supply = supply(inputs, none, rows, device)
        self._rows = rows
        self._preprocessing = normalisation.fit("image", inputs, rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, chosen: Tensor) -> Tensor:
        batch = self._supply.batch(self._supply.refer(self._rows[chosen.numpy()]))
        return normalisation.apply(batch, self._preprocessing)


def train_gan(
    inputs: Clips,
    roles: np.ndarray,
    settings: Mapping[str, Any],
    seed: int,
    device: str = "auto",
    threads: int = 1,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
    checkpoint: Checkpoint | None = None,
) -> GANTraining:
    """Train a GAN on the training clips of one fold; those of other roles are not read.

    Parameters
    ----------
    inputs
        Images of all clips, uint8 ``(clips, height, width)``.
    roles
        Role of each clip in the fold, ``(clips,)``.
    settings
        The model's configuration slice; ``channels``, ``latent``, ``gan_epochs`` and
        ``gan_batch_size`` are read.
    seed
        Of its first weights, the order of the images and the noise.
    device, threads, checkpoint
        As `serflow.networks.training.train` takes them.
    on_epoch
        Called after each epoch with a row of `serflow.networks.gan_training.CURVE`; where the
        training goes on from a checkpoint, first with the rows until then.
    """
    where = choose_device(device)
    make_repeatable(seed, threads, where)
    rows = np.flatnonzero(roles == "train")
    training = GANTraining(
        tuple(inputs.shape[1:]), tuple(settings["channels"]), settings["latent"], seed, where
    )
    curve: list[dict[str, Any]] = []
    stored = checkpoint.part(PART) if checkpoint else None
    if stored:
        training.load_state_dict(stored["training"])
        curve = list(stored["curve"])
        for row in curve if on_epoch else []:
            on_epoch(row)  # type: ignore[misc]

    def state() -> dict[str, Any]:
        return {"training": training.state_dict(), "curve": list(curve)}

    def after(row: dict[str, Any]) -> None:
        curve.append(row)
        if on_epoch:
            on_epoch(row)
        if checkpoint:
            checkpoint.offer(PART, state)

    images = Recorded(inputs, rows, where)
    train(training, images, settings["gan_epochs"], settings["gan_batch_size"], after)
    if checkpoint:
        checkpoint.end(PART, state())
    return training


def start_of(training: GANTraining) -> Callable[[nn.Module], None]:
    """Return what gives an untrained classifier the discriminator's convolutions."""

    def start(module: nn.Module) -> None:
        assert isinstance(module, GANCNN2D)
        module.start_from(training.discriminator)

    return start


def save_samples(
    path: str | Path, training: GANTraining, inputs: Clips, roles: np.ndarray, seed: int
) -> None:
    """Store images that the generator makes, and as many recorded ones to look at beside them.

    Parameters
    ----------
    path
        ``.npz`` file with ``generated`` and ``recorded``, each uint8 ``(SAMPLES, height, width)``;
        fewer recorded ones where there are fewer training clips.
    training
        The trained GAN.
    inputs, roles
        As `train_gan` took them; the recorded images are training clips, drawn at random.
    seed
        Of the noise and the draw.
    """
    images = ((training.sample(SAMPLES, seed) + 1) * 127.5).round().clamp(0, 255)
    rows = np.flatnonzero(roles == "train")
    drawn = np.random.Generator(np.random.PCG64(seed)).permutation(rows)[:SAMPLES]
    with replacing(path) as temporary:
        np.savez(
            temporary, generated=images.to(torch.uint8).numpy(), recorded=np.asarray(inputs[drawn])
        )
