"""Optimisers and schedules of the learning rate."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from serflow.networks.schedules import OPTIMIZERS, SCHEDULES, WARM_UP, stepper

SETTINGS: dict[str, Any] = {
    "optimizer": "adamw",
    "schedule": "constant",
    "learning_rate": 0.02,
    "weight_decay": 0.1,
}


def rates(schedule: str, steps: int, optimizer: str = "adamw") -> list[float]:
    """Learning rate of each step."""
    settings = {**SETTINGS, "schedule": schedule, "optimizer": optimizer}
    stepping, changing = stepper(nn.Linear(1, 1), settings, steps)
    found = []
    for _ in range(steps):
        found.append(changing.get_last_lr()[0])
        stepping.step()
        changing.step()
    return found


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_one_cycle_rises_to_the_peak_and_falls_to_almost_nothing(optimizer: str) -> None:
    found = rates("one_cycle", 101, optimizer)
    assert found[0] == pytest.approx(0.02 / 25)
    # The first rate has number 0, so the rise is over one step earlier.
    top = round(WARM_UP * 101 - 1)
    assert max(found) == pytest.approx(0.02, rel=1e-3)
    assert abs(found.index(max(found)) - top) <= 1
    assert found[-1] == pytest.approx(0.02 / 25 / 1e4)
    assert found[: top + 1] == sorted(found[: top + 1])
    assert found[top + 1 :] == sorted(found[top + 1 :], reverse=True)


def test_cosine_falls_from_the_peak() -> None:
    found = rates("cosine", 100)
    expected = [0.01 * (1 + math.cos(math.pi * step / 100)) for step in range(100)]
    assert found == pytest.approx(expected)


def test_constant_stays() -> None:
    assert set(rates("constant", 7)) == {0.02}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_single_step_is_enough(schedule: str) -> None:
    assert rates(schedule, 1)[0] > 0


def test_sgd_has_nesterov_s_momentum() -> None:
    """By hand, gradient 2w: v ← 0.9 v + g; w ← w − η (g + 0.9 v)."""
    module = nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        module.weight.fill_(1.0)
    settings = {**SETTINGS, "optimizer": "sgd", "weight_decay": 0}
    optimizer, schedule = stepper(module, settings, 3)
    weight, velocity = 1.0, 0.0
    for _ in range(3):
        optimizer.zero_grad()
        module.weight.square().sum().backward()
        optimizer.step()
        schedule.step()
        gradient = 2 * weight
        velocity = 0.9 * velocity + gradient
        weight -= 0.02 * (gradient + 0.9 * velocity)
        assert float(module.weight.detach()) == pytest.approx(weight)


@pytest.mark.parametrize(("name", "shrinking"), [("adamw", True), ("adam", False)])
def test_weight_decay_of_adamw_is_apart_from_the_gradient(name: str, shrinking: bool) -> None:
    module = nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        module.weight.fill_(1.0)
    optimizer, _ = stepper(module, {**SETTINGS, "optimizer": name}, 1)
    module.weight.grad = torch.zeros_like(module.weight)
    optimizer.step()
    # AdamW shrinks by η·λ; Adam takes λw for a gradient, whose first step is η whatever its size.
    expected = 1 - 0.02 * 0.1 if shrinking else 1 - 0.02
    assert float(module.weight.detach()) == pytest.approx(expected, rel=1e-5)
