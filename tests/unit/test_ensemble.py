"""Several networks that vote."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from small_trainings import IMAGES, ROLES, images, run
from torch import nn

from serflow.networks.ensemble import Ensemble
from serflow.networks.modelfile import load, predict, save
from serflow.networks.training import MEMBER_STRIDE


class Fixed(nn.Module):
    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([logits]))

    def forward(self, clips: torch.Tensor) -> torch.Tensor:
        return self.logits.expand(len(clips), -1)


def test_the_vote_is_the_mean_of_the_probabilities() -> None:
    vote = Ensemble([Fixed([0.0, 0.0]), Fixed([math.log(9.0), 0.0])])
    found = vote(torch.zeros(3, 1)).softmax(dim=1)
    # (1/2 + 9/10) / 2.
    torch.testing.assert_close(found, torch.tensor([[0.7, 0.3]]).expand(3, 2))
    torch.testing.assert_close(vote(torch.zeros(1, 1)).exp(), found[:1])


def test_sure_members_do_not_overflow() -> None:
    vote = Ensemble([Fixed([1000.0, -1000.0]), Fixed([-1000.0, 1000.0])])
    assert vote(torch.zeros(1, 1)).softmax(dim=1).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("refit", [False, True])
def test_members_are_networks_of_their_own_seeds(refit: bool, tmp_path: Path) -> None:
    settings = {**IMAGES, "epochs": 2, "refit": refit}
    trained, rows = run({**settings, "members": 2}, seed=4)
    single, single_rows = run(settings, seed=4)
    other, _ = run(settings, seed=4 + MEMBER_STRIDE)
    expected = (single.probabilities + other.probabilities) / 2
    np.testing.assert_allclose(trained.probabilities, expected, atol=1e-6)
    assert np.abs(single.probabilities - other.probabilities).max() > 1e-3
    assert rows == single_rows
    assert trained.parameters == 2 * single.parameters
    assert trained.network.preprocessing == single.network.preprocessing

    save(tmp_path / "model.safetensors", trained.network, {})
    network, _ = load(tmp_path / "model.safetensors")
    again = predict(network, images()[0][ROLES == "test"])
    assert again.tobytes() == trained.probabilities.tobytes()
