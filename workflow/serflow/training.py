"""Training a network on one fold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from serflow import metrics, networks, normalisation
from serflow.augmentation import Augmentation, augment, parse
from serflow.determinism import choose_device, make_repeatable
from serflow.errors import UserError
from serflow.modelfile import Clips, Network, load_batch, predict

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
class Trained:
    """What `train` gives back.

    Attributes
    ----------
    network
        The network, on the CPU.
    probabilities
        float64, ``(test clips, classes)``, in the order of the test clips among the inputs.
    parameters
        Number of trained weights.
    train_seconds, predict_ms_per_clip
        Wall time of the training loop; of the prediction per test clip, on the CPU.
    best_epoch, epochs
        The epoch whose weights are kept, counted from 1, and the number of epochs.
    device
        Where it was trained: ``"cpu"`` or ``"cuda"``.
    """

    network: Network
    probabilities: np.ndarray
    parameters: int
    train_seconds: float
    predict_ms_per_clip: float
    best_epoch: int
    epochs: int
    device: str


def train(
    inputs: Clips,
    labels: np.ndarray,
    roles: Sequence[str],
    classes: Sequence[str],
    settings: Mapping[str, Any],
    seed: int,
    device: str = "auto",
    threads: int = 1,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
) -> Trained:
    """Train a network on the training clips of one fold and predict its test clips.

    The loop is AdamW with a one-cycle learning rate (Smith & Topin 2019, arXiv:1708.07120) on the
    cross-entropy.  Only clips of role ``train`` are fitted, scalers included; those of role
    ``validation`` are scored after each epoch and, with ``select: best``, choose the epoch; those of
    role ``test`` are read once, at the end.

    Parameters
    ----------
    inputs
        uint8 ``(clips, height, width)`` for ``cnn2d``, float32 ``(clips, samples)`` on the 16-bit
        integer scale for ``cnn1d``: an array, or what indexes like one (`serflow.arrays.Blocks`).
    labels
        Class index of each clip, ``(clips,)``.
    roles
        ``"train"``, ``"validation"`` or ``"test"`` of each clip, ``(clips,)``; clips of any other role
        are left out.
    classes
        Class names, in the order of the indices.
    settings
        The model's configuration slice.
    seed
        Of the weights, the order of the clips, dropout and augmentation.
    device
        ``"auto"``, ``"cpu"`` or ``"cuda"``.
    threads
        Threads of torch on the CPU; the numbers repeat bit for bit for the same number of threads.
    on_epoch
        Called after each epoch with a row of the learning curve, keys `CURVE`.  Training columns are
        over the epoch's batches as they were trained on: augmented, with dropout, while the weights
        changed.  Validation columns are ``None`` where the fold has no validation clip.

    Raises
    ------
    UserError
        If a setting is unknown, the fold has no training or no test clip, or ``select`` is ``best``
        without a validation clip.
    """
    where = choose_device(device)
    generator = make_repeatable(seed, threads, where)
    rows = {role: _rows(roles, role) for role in ("train", "validation", "test")}
    _check(rows, settings["select"])
    family = settings["family"]
    kind = "image" if family == "cnn2d" else settings["normalisation"]
    shape = tuple(inputs.shape[1:])
    network = Network(
        module=networks.build(family, settings, len(classes), shape).to(where),
        classes=list(classes),
        preprocessing=normalisation.fit(kind, inputs, rows["train"]),
        settings=dict(settings),
        input_shape=shape,
    )
    truth = torch.from_numpy(np.asarray(labels, np.int64))
    start = time.perf_counter()
    best_epoch = _fit(network, inputs, truth, rows, generator, on_epoch)
    train_seconds = time.perf_counter() - start
    # On the CPU whatever the device, so that the stored model gives these very numbers anywhere.
    network.module.cpu()
    start = time.perf_counter()
    probabilities = predict(network, inputs, rows["test"])
    predict_seconds = time.perf_counter() - start
    return Trained(
        network=network,
        probabilities=probabilities,
        parameters=sum(weights.numel() for weights in network.module.parameters()),
        train_seconds=train_seconds,
        predict_ms_per_clip=1000 * predict_seconds / len(rows["test"]),
        best_epoch=best_epoch,
        epochs=settings["epochs"],
        device=where.type,
    )


def _rows(roles: Sequence[str], role: str) -> np.ndarray:
    return np.flatnonzero(np.asarray(roles) == role)


def _check(rows: Mapping[str, np.ndarray], select: str) -> None:
    """Refuse a fold that cannot be trained or evaluated."""
    for role in ("train", "test"):
        if not len(rows[role]):
            raise UserError(f"the fold has no {role} clip; look at the `protocol` block")
    if select not in ("best", "last"):
        raise UserError(f"select is {select!r}; it has to be best or last")
    if select == "best" and not len(rows["validation"]):
        raise UserError(
            "select is best, but the fold has no validation clip; give `protocol` validation "
            "speakers, or set select to last"
        )


def _fit(
    network: Network,
    inputs: Clips,
    truth: Tensor,
    rows: Mapping[str, np.ndarray],
    generator: torch.Generator,
    on_epoch: Callable[[dict[str, Any]], None] | None,
) -> int:
    """Train in place; return the epoch, from 1, whose weights are kept."""
    settings = network.settings
    steps = parse(settings["augmentation"], settings["family"])
    epochs, size = settings["epochs"], settings["batch_size"]
    optimizer = torch.optim.AdamW(
        network.module.parameters(),
        lr=settings["learning_rate"],
        weight_decay=settings["weight_decay"],
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=settings["learning_rate"],
        total_steps=epochs * -(-len(rows["train"]) // size),
        pct_start=WARM_UP,
    )
    best, best_epoch, best_state = (-1.0, 0.0), epochs, None
    for epoch in range(1, epochs + 1):
        rate = schedule.get_last_lr()[0]
        order = torch.randperm(len(rows["train"]), generator=generator).numpy()
        batches = np.split(rows["train"][order], range(size, len(order), size))
        trained = _epoch(network, inputs, truth, batches, steps, optimizer, schedule, generator)
        validated = _validate(network, inputs, truth, rows["validation"])
        if settings["select"] == "best" and (validated[2], -validated[0]) > best:
            best, best_epoch = (validated[2], -validated[0]), epoch
            best_state = {k: v.clone() for k, v in network.module.state_dict().items()}
        if on_epoch:
            on_epoch(dict(zip(CURVE, (epoch, *trained, *validated, rate), strict=True)))
    if best_state is not None:
        network.module.load_state_dict(best_state)
    return best_epoch


def _epoch(
    network: Network,
    inputs: Clips,
    truth: Tensor,
    batches: Sequence[np.ndarray],
    steps: Sequence[Augmentation],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    generator: torch.Generator,
) -> tuple[float, float, float]:
    """Take one optimizer step per batch; return loss, accuracy and UAR of the batches as trained on."""
    module = network.module.train()
    where = next(module.parameters()).device
    outputs = []
    for rows in batches:
        batch = augment(load_batch(inputs, rows, where), steps, generator)
        logits = module(normalisation.apply(batch, network.preprocessing))
        loss = nn.functional.cross_entropy(logits, truth[rows].to(where))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        outputs.append(logits.detach())
    return _scores(torch.cat(outputs).cpu(), truth[np.concatenate(batches)])


def _validate(
    network: Network, inputs: Clips, truth: Tensor, rows: np.ndarray
) -> tuple[float, float, float] | tuple[None, None, None]:
    """Loss, accuracy and UAR of the validation clips, if there are any."""
    if not len(rows):
        return None, None, None
    return _scores(network.logits(inputs, rows), truth[rows])


def _scores(logits: Tensor, truth: Tensor) -> tuple[float, float, float]:
    """Loss, accuracy and UAR of logits on the CPU."""
    loss = float(nn.functional.cross_entropy(logits, truth))
    counts = metrics.confusion(truth.numpy(), logits.argmax(dim=1).numpy(), logits.shape[1])
    return loss, float(metrics.accuracy(counts)), float(metrics.uar(counts))
