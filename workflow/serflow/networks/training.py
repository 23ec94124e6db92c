"""Training a network on one fold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from serflow.errors import UserError
from serflow.networks import normalisation, registry
from serflow.networks.determinism import choose_device, make_repeatable
from serflow.networks.fitting import Material, fit
from serflow.networks.modelfile import Clips, Network, predict
from serflow.networks.supply import supply


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
        Wall time of the training; of the prediction per test clip, on the CPU.
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
    roles: Sequence[str] | np.ndarray,
    classes: Sequence[str],
    settings: Mapping[str, Any],
    seed: int,
    device: str = "auto",
    threads: int = 1,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
) -> Trained:
    """Train a network on the training clips of one fold and predict its test clips.

    Only clips of role ``train`` are fitted, scalers included; those of role ``validation`` are
    scored after each epoch and, with ``select: best``, choose the epoch; those of role ``test`` are
    read once, at the end. With ``refit`` a second network, whose predictions count, is then fitted
    to the training and validation clips together, up to the epoch that the first one kept.

    Parameters
    ----------
    inputs
        uint8 ``(clips, height, width)`` for ``cnn2d``, float32 ``(clips, samples)`` on the 16-bit
        integer scale for ``cnn1d``: an array, or what indexes like one
        (`serflow.networks.arrays.Blocks`).
    labels
        Class index of each clip, ``(clips,)``.
    roles
        ``"train"``, ``"validation"`` or ``"test"`` of each clip, ``(clips,)``; clips of any other
        role are left out.
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
        Called after each epoch (of the first network, with ``refit``) with a row of the learning
        curve, keys `serflow.networks.fitting.CURVE`. Training columns are over the epoch's batches
        as they were trained on: augmented, with dropout, while the weights changed. Validation
        columns are ``None`` where the fold has no validation clip.

    Raises
    ------
    UserError
        If a setting is unknown, the fold has no training or no test clip, or ``select`` is ``best``
        without a validation clip.
    """
    where = choose_device(device)
    roles = np.asarray(roles)
    rows = {role: np.flatnonzero(roles == role) for role in ("train", "validation", "test")}
    _check(rows, settings["select"])
    truth = torch.from_numpy(np.asarray(labels, np.int64))

    both = np.union1d(rows["train"], rows["validation"])

    def fitted(chosen: np.ndarray, validation: np.ndarray, **options: Any) -> tuple[Network, int]:
        draws = make_repeatable(seed, threads, where)
        network = _untrained(inputs, chosen, classes, settings)
        network.module.to(where)
        kept = fit(network, Material(clips, chosen, validation), draws, **options)
        return network, kept

    start = time.perf_counter()
    clips = supply(inputs, truth, both, where)
    network, best_epoch = fitted(rows["train"], rows["validation"], on_epoch=on_epoch)
    if settings["refit"] and len(rows["validation"]):
        network, _ = fitted(both, both[:0], stop_after=best_epoch)
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


def _untrained(
    inputs: Clips, chosen: np.ndarray, classes: Sequence[str], settings: Mapping[str, Any]
) -> Network:
    """Build a network and fit its preprocessing to the chosen clips."""
    family, shape = settings["family"], tuple(inputs.shape[1:])
    kind = "image" if family == "cnn2d" else settings["normalisation"]
    return Network(
        module=registry.build(family, settings, len(classes), shape),
        classes=list(classes),
        preprocessing=normalisation.fit(kind, inputs, chosen),
        settings=dict(settings),
        input_shape=shape,
    )


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
