"""Training a network on one fold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from serflow import network_inputs, targets
from serflow.errors import UserError
from serflow.networks import augmentation, normalisation, registry
from serflow.networks.checkpoints import Checkpoint
from serflow.networks.determinism import choose_device, make_repeatable
from serflow.networks.ensemble import Estimator, together
from serflow.networks.fitting import Material, evaluated, fit
from serflow.networks.modelfile import Clips, Network, predict
from serflow.networks.objectives import Regression, objective
from serflow.networks.supply import Supply, supply

MEMBER_STRIDE = 1_000_003
"""Between the seeds of an ensemble's members, so that no two seeds share one."""


@dataclass
class Trained:
    """What `train` gives back.

    Attributes
    ----------
    network
        The network, on the CPU.
    probabilities
        float64, ``(test clips, classes)``, in the order of the test clips among the inputs; of a
        network with a ``target`` its estimates, ``(test clips,)``, in the unit of the column.
    parameters
        Number of trained weights.
    train_seconds, predict_ms_per_clip
        Wall time of the training, with that before a checkpoint; of the prediction per test clip,
        on the CPU.
    best_epoch, epochs
        The epoch whose weights are kept, counted from 1, and the number of epochs at most.
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
    checkpoint: Checkpoint | None = None,
    start: Callable[[nn.Module], None] | None = None,
    part: str = "",
) -> Trained:
    """Train a network on the training clips of one fold and predict its test clips.

    Only clips of role ``train`` are fitted, scalers included; those of role ``validation`` are
    scored after each epoch and, with ``select: best`` or a `patience`, choose the epoch; those of
    role ``test`` are read once, at the end. With ``refit`` a second network, whose predictions
    count, is then fitted to the training and validation clips together, up to the epoch that the
    first one kept. With several ``members`` all this is done for each.

    Parameters
    ----------
    inputs
        What the family reads (`serflow.network_inputs`): float32 ``(clips, samples)`` on the
        16-bit integer scale, uint8 ``(clips, height, width)``, or dB ``(clips, rows, frames)``; an
        array, or what indexes like one (`serflow.networks.arrays.Blocks`). After the clips there
        may be changed copies of all of them, in the same order, once or several times: a training
        clip is then itself or one of its copies, anew in each epoch.
    labels
        Class index of each clip, or with a ``target`` its number, ``(clips,)``.
    roles
        ``"train"``, ``"validation"`` or ``"test"`` of each clip, ``(clips,)``; clips of any other
        role are left out.
    classes
        Class names, in the order of the indices; with a ``target`` its name alone.
    settings
        The model's configuration slice.
    seed
        Of the weights, the order of the clips, dropout and augmentation.
    device
        ``"auto"``, ``"cpu"`` or ``"cuda"``.
    threads
        Threads of torch on the CPU; the numbers repeat bit for bit for the same number of threads.
    on_epoch
        Called after each epoch (of the first network, with ``refit`` or several ``members``) with a
        row of the learning curve, keys `serflow.networks.fitting.columns`. Training columns are
        over the epoch's batches as they were trained on: augmented, with dropout, while the weights
        changed. Validation columns are ``None`` where the fold has no validation clip.
    checkpoint
        Where the training is stored from time to time, and gone on from.
    start
        Called with each untrained module, to give it other first weights.
    part
        What the names of the checkpoint's parts begin with, where several trainings share one.

    Raises
    ------
    UserError
        If a setting is unknown, the fold has no training or no test clip, ``select`` is ``best``
        without a validation clip, or all training clips have the same number.
    """
    where = choose_device(device)
    roles = np.asarray(roles)
    rows = {role: np.flatnonzero(roles == role) for role in ("train", "validation", "test")}
    _check(rows, settings)
    copies = inputs.shape[0] // len(roles)
    kind = np.int64 if targets.of(settings) is None else np.float32
    truth = torch.from_numpy(np.tile(np.asarray(labels, kind), copies))
    both = np.union1d(rows["train"], rows["validation"])

    begin = time.perf_counter()
    needed = np.concatenate([both + len(roles) * copy for copy in range(copies)])
    clips = supply(inputs, truth, needed, where)
    fold = _Fold(
        inputs, clips, truth, classes, settings, where, threads, checkpoint, start, len(roles), part
    )
    members: list[Network] = []
    best_epoch = 0
    for member in range(settings["members"]):
        own = seed + MEMBER_STRIDE * member
        shown = on_epoch if member == 0 else None
        refit = settings["refit"] and len(rows["validation"]) > 0
        kept = int(settings["epochs"])
        # The first network of all shows the learning curve; another one that is fitted again has
        # nothing to tell where the number of epochs is known.
        if member == 0 or not refit or _chooses(settings):
            network, kept = fold.fitted(
                own,
                rows["train"],
                rows["validation"],
                f"member {member}",
                on_epoch=shown,
                name=_name(member, settings["members"], "first training" if refit else ""),
            )
        if refit:
            again = _name(member, settings["members"], "second training, validation clips too")
            network, _ = fold.fitted(
                own, both, both[:0], f"refit {member}", stop_after=kept, name=again
            )
        best_epoch = best_epoch or kept
        members.append(network)
    network = _together(members)
    train_seconds = time.perf_counter() - begin + (checkpoint.spent if checkpoint else 0)
    # On the CPU whatever the device, so that the stored model gives these very numbers anywhere.
    network.module.cpu()
    begin = time.perf_counter()
    probabilities = predict(network, inputs, rows["test"])
    predict_seconds = time.perf_counter() - begin
    if not np.isfinite(probabilities).all():
        raise UserError(
            "the training diverged: what the network gives for the test clips is not finite; lower "
            f"`learning_rate`, which is {settings['learning_rate']:g}"
        )
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


@dataclass
class _Fold:
    """What all networks of one training have in common."""

    inputs: Clips
    clips: Supply
    truth: torch.Tensor
    classes: Sequence[str]
    settings: Mapping[str, Any]
    device: torch.device
    threads: int
    checkpoint: Checkpoint | None
    start: Callable[[nn.Module], None] | None
    stride: int
    part: str

    def fitted(
        self,
        seed: int,
        chosen: np.ndarray,
        validation: np.ndarray,
        part: str,
        on_epoch: Callable[[dict[str, Any]], None] | None = None,
        stop_after: int | None = None,
        name: str = "",
    ) -> tuple[Network, int]:
        """Return a network fitted to `chosen`, on the device, and the epoch that it kept."""
        draws = make_repeatable(seed, self.threads, self.device)
        network = self._untrained(chosen)
        network.module.to(self.device)
        kind = network_inputs.kind(self.settings)
        material = Material(
            self.clips,
            chosen,
            validation,
            objective(self.settings, self.truth[chosen], len(self.classes)),
            augmentation.parse(self.settings["augmentation"], kind),
            copies=self.inputs.shape[0] // self.stride,
            stride=self.stride,
        )
        kept = fit(
            network,
            material,
            draws,
            on_epoch,
            stop_after,
            self.checkpoint,
            self.part + part,
            # What its checkpoints begin with tells several trainings apart.
            ", ".join(filter(None, [self.part.rstrip(", "), name])),
        )
        if isinstance(material.objective, Regression):
            scale = material.objective.scale(*evaluated(network, material, chosen))
            network.module = Estimator(network.module, *scale).to(self.device)
        return network, kept

    def _untrained(self, chosen: np.ndarray) -> Network:
        """Build a network and fit its preprocessing to the chosen clips."""
        shape = tuple(self.inputs.shape[1:])
        module = registry.build(self.settings, len(self.classes), shape)
        if self.start:
            self.start(module)
        return Network(
            module=module,
            classes=list(self.classes),
            preprocessing=normalisation.fit(
                network_inputs.normalisation(self.settings), self.inputs, chosen
            ),
            settings=dict(self.settings),
            input_shape=shape,
        )


def _together(members: list[Network]) -> Network:
    """Return one network of several of the same preprocessing."""
    first = members[0]
    estimating = targets.of(first.settings) is not None
    first.module = together([member.module for member in members], estimating)
    return first


def _name(member: int, members: int, which: str) -> str:
    """Return what the log calls one of a training's fits."""
    return ", ".join(filter(None, [f"member {member + 1} of {members}" * (members > 1), which]))


def _chooses(settings: Mapping[str, Any]) -> bool:
    """Tell whether validation clips have a say in which epoch is kept."""
    return settings["select"] == "best" or settings["patience"] is not None


def _check(rows: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> None:
    """Refuse a fold that cannot be trained or evaluated."""
    for role in ("train", "test"):
        if not len(rows[role]):
            raise UserError(f"the fold has no {role} clip; look at the `protocol` block")
    select = settings["select"]
    if select not in ("best", "last"):
        raise UserError(f"select is {select!r}; it has to be best or last")
    if len(rows["validation"]):
        return
    if select == "best" or settings["patience"] is not None:
        chosen = "select is best" if select == "best" else "a patience is set"
        raise UserError(
            f"{chosen}, but the fold has no validation clip; give `protocol` validation "
            "speakers, or set select to last and patience to null"
        )
