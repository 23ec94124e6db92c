"""Optimisers and schedules of the learning rate, by the names of the configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.optim import lr_scheduler

Optimizer = torch.optim.Optimizer
Schedule = lr_scheduler.LRScheduler

MOMENTUM = 0.9
WARM_UP = 0.3
"""Share of the steps in which the learning rate rises, as one-cycle's authors have it."""

OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "adamw": torch.optim.AdamW,
    "adam": torch.optim.Adam,
    "sgd": lambda weights, **options: torch.optim.SGD(
        weights, momentum=MOMENTUM, nesterov=True, **options
    ),
}
"""Configured name → optimiser; ``sgd`` has Nesterov's momentum."""


def one_cycle(optimizer: Optimizer, peak: float, steps: int) -> Schedule:
    """Rise to the peak and fall to almost nothing (Smith & Topin 2019)."""
    return lr_scheduler.OneCycleLR(optimizer, max_lr=peak, total_steps=steps, pct_start=WARM_UP)


def cosine(optimizer: Optimizer, peak: float, steps: int) -> Schedule:
    """Fall from the peak to zero along a cosine (Loshchilov & Hutter 2017, ICLR)."""
    return lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)


def constant(optimizer: Optimizer, peak: float, steps: int) -> Schedule:
    """Stay at the peak."""
    return lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)


SCHEDULES: dict[str, Callable[[Optimizer, float, int], Schedule]] = {
    "one_cycle": one_cycle,
    "cosine": cosine,
    "constant": constant,
}
"""Configured name → schedule over the steps of all epochs."""


def stepper(
    module: nn.Module, settings: Mapping[str, Any], steps: int
) -> tuple[Optimizer, Schedule]:
    """Return the optimiser of a module's weights and the schedule of its learning rate.

    Parameters
    ----------
    module
        The module.
    settings
        The model's slice; ``optimizer``, ``schedule``, ``learning_rate`` and ``weight_decay`` are
        read.
    steps
        Number of steps that the schedule is spread over.
    """
    peak = settings["learning_rate"]
    optimizer = OPTIMIZERS[settings["optimizer"]](
        module.parameters(), lr=peak, weight_decay=settings["weight_decay"]
    )
    return optimizer, SCHEDULES[settings["schedule"]](optimizer, peak, steps)
