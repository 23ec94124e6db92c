"""The training loop, one for all networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from serflow.networks import normalisation
from serflow.networks.augmentation import Augmentation, augment
from serflow.networks.checkpoints import Checkpoint
from serflow.networks.determinism import Draws
from serflow.networks.mixup import mixed
from serflow.networks.modelfile import PREDICTION_BATCH, Network
from serflow.networks.objectives import Objective
from serflow.networks.progress import Teller
from serflow.networks.schedules import Optimizer, Schedule, stepper
from serflow.networks.supply import Supply

Row = dict[str, Any]


@dataclass
class Material:
    """What a network is fitted to.

    Attributes
    ----------
    supply
        Gives the clips and their truth.
    train, validation
        Rows of the clips to fit and of those to score after each epoch (maybe none).
    objective
        What it is fitted for.
    augmentations
        What is done to each training batch, in order.
    copies, stride
        How often each clip is in the supply, itself included, and how many rows lie between.
    """

    supply: Supply
    train: np.ndarray
    validation: np.ndarray
    objective: Objective
    augmentations: list[Augmentation] = field(default_factory=list)
    copies: int = 1
    stride: int = 0

    def drawn(self, generator: torch.Generator) -> np.ndarray:
        """Return the rows of an epoch: the training clips in a new order, or copies of them."""
        order = torch.randperm(len(self.train), generator=generator).numpy()
        rows: np.ndarray = self.train[order]
        if self.copies > 1:
            copy = torch.randint(self.copies, (len(rows),), generator=generator).numpy()
            rows = rows + self.stride * copy
        return rows


@dataclass
class Progress:
    """Where a fit stands: all that the next epoch depends on, beside weights and draws.

    Attributes
    ----------
    epoch
        Number of epochs done.
    best
        Rank of the best epoch so far; empty before the first.
    best_epoch
        That epoch, from 1; 0 before the first.
    best_state
        Its weights; empty where the last epoch's are kept.
    rows
        The learning curve so far.
    """

    epoch: int = 0
    best: list[float] = field(default_factory=list)
    best_epoch: int = 0
    best_state: dict[str, Tensor] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def columns(objective: Objective) -> tuple[str, ...]:
    """Return the columns of a learning curve's row."""
    sides = ("train", "validation")
    scores = (f"{side}_{column}" for side in sides for column in objective.columns)
    return ("epoch", *scores, "learning_rate")


def fit(
    network: Network,
    material: Material,
    draws: Draws,
    on_epoch: Callable[[Row], None] | None = None,
    stop_after: int | None = None,
    checkpoint: Checkpoint | None = None,
    part: str = "",
    name: str = "",
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
        Called after each epoch with a row of the learning curve, keys `columns`; where the fit goes
        on from a checkpoint, first with the rows until then.
    stop_after
        Epoch after which to stop; the learning rate follows the whole schedule until then, and
        nothing is chosen by validation clips.
    checkpoint, part
        Where the state is stored from time to time and gone on from, and under which name.
    name
        What the log calls this fit.

    Returns
    -------
    int
        The epoch, from 1, whose weights are kept.
    """
    settings, module = network.settings, network.module
    steps_an_epoch = -(-len(material.train) // settings["batch_size"])
    optimizer, schedule = stepper(module, settings, settings["epochs"] * steps_an_epoch)
    choosing = stop_after is None and bool(len(material.validation))
    last = stop_after or int(settings["epochs"])
    stored = None if checkpoint is None else checkpoint.part(part)
    now = _resume(stored, network, optimizer, schedule, draws) if stored else Progress()
    for row in now.rows if on_epoch else []:
        on_epoch(row)  # type: ignore[misc]
    told = Teller(name, last, now.epoch)
    while now.epoch < last and not (choosing and _given_up(now, settings["patience"])):
        now.epoch += 1
        rate = schedule.get_last_lr()[0]
        chosen = material.supply.refer(material.drawn(draws.order))
        outputs = steps(network, material, chosen, optimizer, schedule, draws)
        trained = material.objective.scores(outputs, material.supply.truth(chosen))
        validated = _validate(network, material)
        if choosing and (rank := list(material.objective.rank(validated))) > now.best:
            now.best, now.best_epoch = rank, now.epoch
            if settings["select"] == "best":
                now.best_state = _copy(module.state_dict())
        cells = (now.epoch, *trained, *(validated or (None,) * len(trained)), rate)
        now.rows.append(dict(zip(columns(material.objective), cells, strict=True)))
        if on_epoch:
            on_epoch(now.rows[-1])
        told(now.rows[-1], better=choosing and now.best_epoch == now.epoch)
        if checkpoint is not None:
            checkpoint.offer(part, lambda: _state(now, network, optimizer, schedule, draws))
    if checkpoint is not None:
        checkpoint.end(part, _state(now, network, optimizer, schedule, draws))
    if now.best_state:
        module.load_state_dict(now.best_state)
    kept = now.best_epoch if settings["select"] == "best" and choosing else now.epoch
    told.kept(kept)
    return kept


def steps(
    network: Network,
    material: Material,
    chosen: Tensor,
    optimizer: Optimizer,
    schedule: Schedule,
    draws: Draws,
) -> Tensor:
    """Take one step per batch, in the order of `chosen`, and return the outputs of each.

    Nothing here waits for the device or copies to it, unless the supply does.
    """
    module, supply = network.module.train(), material.supply
    alpha = network.settings["mixup"]
    outputs = []
    for clips in batches(chosen, network.settings["batch_size"]):
        batch = augment(supply.batch(clips), material.augmentations, draws.augmentation)
        batch = normalisation.apply(batch, network.preprocessing)
        truth = supply.truth(clips)
        if alpha:
            batch, loss = mixed(batch, truth, material.objective.loss, alpha, draws)
            output = module(batch)
            step_loss = loss(output)
        else:
            output = module(batch)
            step_loss = material.objective.loss(output, truth)
        optimizer.zero_grad()
        step_loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        outputs.append(output.detach())
    return torch.cat(outputs)


def batches(chosen: Tensor, size: int) -> list[Tensor]:
    """Return pieces of `size`; a last one of a single clip gets one more from the piece before.

    Of one clip alone there is no spread to normalise a batch by.
    """
    pieces = list(torch.split(chosen, size))
    if len(pieces) > 1 and len(pieces[-1]) == 1 and size > 2:
        pieces[-2:] = [chosen[-size - 1 : -2], chosen[-2:]]
    return pieces


def _given_up(now: Progress, patience: int | None) -> bool:
    """Tell whether no epoch was better for as long as the patience lasts."""
    return patience is not None and now.epoch - now.best_epoch >= patience


def evaluated(network: Network, material: Material, rows: np.ndarray) -> tuple[Tensor, Tensor]:
    """Return outputs and truth of clips as they are: not augmented, without dropout."""
    chosen = material.supply.refer(rows)
    outputs = network.outputs(map(material.supply.batch, torch.split(chosen, PREDICTION_BATCH)))
    return outputs, material.supply.truth(chosen)


def _validate(network: Network, material: Material) -> tuple[float, ...]:
    """Scores of the validation clips; nothing where there are none."""
    if not len(material.validation):
        return ()
    return material.objective.scores(*evaluated(network, material, material.validation))


def _state(
    now: Progress, network: Network, optimizer: Optimizer, schedule: Schedule, draws: Draws
) -> dict[str, Any]:
    """Return all that `_resume` needs."""
    return {
        "progress": dict(vars(now)),
        "module": _copy(network.module.state_dict()),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "draws": draws.state(),
    }


def _resume(
    state: dict[str, Any],
    network: Network,
    optimizer: Optimizer,
    schedule: Schedule,
    draws: Draws,
) -> Progress:
    """Bring everything to a stored state."""
    network.module.load_state_dict(state["module"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    draws.restore(state["draws"])
    return Progress(**state["progress"])


def _copy(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key: value.clone() for key, value in state.items()}
