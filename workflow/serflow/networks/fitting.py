"""The training loop: AdamW with a one-cycle learning rate on the cross-entropy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from serflow.evaluation import metrics
from serflow.networks import normalisation
from serflow.networks.augmentation import augment, parse
from serflow.networks.determinism import Draws
from serflow.networks.modelfile import PREDICTION_BATCH, Network
from serflow.networks.supply import Supply

CURVE = (
    "epoch",
    "train_loss",
    "train_accuracy",
    "train_uar",
    "validation_loss",
    "validation_accuracy",
    "validation_uar",
    "learning_rate",
)
"""Columns of a learning curve's row."""
WARM_UP = 0.3
"""Share of the steps in which the learning rate rises, as one-cycle's authors have it."""


@dataclass
class Material:
    """What a network is fitted to.

    Attributes
    ----------
    supply
        Gives the clips and their classes.
    train, validation
        Rows of the clips to fit and of those to score after each epoch (maybe none).
    """

    supply: Supply
    train: np.ndarray
    validation: np.ndarray


def fit(
    network: Network,
    material: Material,
    draws: Draws,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
    stop_after: int | None = None,
) -> int:
    """Train a network in place, on the device where its module is.

    Parameters
    ----------
    network
        Untrained; its settings say how to train.
    material
        The clips.
    draws
        Generators of the clips' order and the augmentation.
    on_epoch
        Called after each epoch with a row of the learning curve, keys `CURVE`.
    stop_after
        Epoch after which to stop; the learning rate follows the whole schedule until then.

    Returns
    -------
    int
        The epoch, from 1, whose weights are kept.
    """
    settings, module = network.settings, network.module
    epochs, size, peak = (settings[key] for key in ("epochs", "batch_size", "learning_rate"))
    optimizer = torch.optim.AdamW(
        module.parameters(), lr=peak, weight_decay=settings["weight_decay"]
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=peak,
        total_steps=epochs * -(-len(material.train) // size),
        pct_start=WARM_UP,
    )
    last = stop_after or int(epochs)
    best, best_epoch, best_state = (-1.0, 0.0), last, None
    for epoch in range(1, last + 1):
        rate = schedule.get_last_lr()[0]
        order = torch.randperm(len(material.train), generator=draws.order).numpy()
        chosen = material.supply.refer(material.train[order])
        logits = steps(network, material.supply, chosen, optimizer, schedule, draws.augmentation)
        trained = _scores(logits, material.supply.truth(chosen))
        validated = _validate(network, material)
        rank = (validated[2] or 0.0, -(validated[0] or 0.0))
        if settings["select"] == "best" and stop_after is None and rank > best:
            best, best_epoch = rank, epoch
            best_state = {key: value.clone() for key, value in module.state_dict().items()}
        if on_epoch:
            on_epoch(dict(zip(CURVE, (epoch, *trained, *validated, rate), strict=True)))
    if best_state is not None:
        module.load_state_dict(best_state)
    return best_epoch


def steps(
    network: Network,
    supply: Supply,
    chosen: Tensor,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    generator: torch.Generator,
) -> Tensor:
    """Take one step per batch, in the order of `chosen`, and return the logits it was taken on.

    Nothing here waits for the device or copies to it, unless `supply` does.
    """
    module = network.module.train()
    augmentations = parse(network.settings["augmentation"], network.settings["family"])
    outputs = []
    for clips in torch.split(chosen, network.settings["batch_size"]):
        batch = augment(supply.batch(clips), augmentations, generator)
        logits = module(normalisation.apply(batch, network.preprocessing))
        loss = nn.functional.cross_entropy(logits, supply.truth(clips))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        outputs.append(logits.detach())
    return torch.cat(outputs)


def _validate(
    network: Network, material: Material
) -> tuple[float, float, float] | tuple[None, None, None]:
    """Loss, accuracy and UAR of the validation clips, if there are any."""
    if not len(material.validation):
        return None, None, None
    chosen = material.supply.refer(material.validation)
    logits = network.logits(map(material.supply.batch, torch.split(chosen, PREDICTION_BATCH)))
    return _scores(logits, material.supply.truth(chosen))


def _scores(logits: Tensor, truth: Tensor) -> tuple[float, float, float]:
    """Loss, accuracy and UAR, computed on the CPU."""
    logits, truth = logits.cpu(), truth.cpu()
    loss = float(nn.functional.cross_entropy(logits, truth))
    counts = metrics.confusion(truth.numpy(), logits.argmax(dim=1).numpy(), logits.shape[1])
    return loss, float(metrics.accuracy(counts)), float(metrics.uar(counts))
