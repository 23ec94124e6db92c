"""Mixup."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from serflow.networks.determinism import Draws
from serflow.networks.mixup import beta, mixed

CLIPS = torch.eye(6)
TRUTH = torch.tensor([0, 1, 2, 0, 1, 2])


def draws(seed: int) -> Draws:
    generator = torch.Generator().manual_seed(seed)
    return Draws(generator, generator)


def shares(alpha: float) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.tensor([beta(alpha, generator) for _ in range(2000)])


def test_batch_and_loss_are_the_same_mixture() -> None:
    """Clips that are unit vectors show what they were mixed of."""
    batch, loss = mixed(CLIPS, TRUTH, cross_entropy, 1.0, draws(3))
    outputs = torch.randn(6, 3, generator=torch.Generator().manual_seed(1))
    found = 0.0
    for row, output in zip(batch, outputs, strict=True):
        for part, weight in enumerate(row):
            found += float(weight * cross_entropy(output[None], TRUTH[part : part + 1])) / 6
    assert float(loss(outputs)) == pytest.approx(found, rel=1e-5)
    torch.testing.assert_close(batch.sum(dim=1), torch.ones(6))
    assert ((batch > 0).sum(dim=1) == 2).any()


def test_the_clip_s_own_share_is_the_larger_and_one_for_the_batch() -> None:
    for seed in range(20):
        batch, _ = mixed(CLIPS, TRUTH, cross_entropy, 1.0, draws(seed))
        own = batch.diagonal()
        mixing = own < 1
        assert float(own.min()) >= 0.5
        torch.testing.assert_close(own[mixing], own[mixing][:1].expand(int(mixing.sum())))


def test_draws_are_repeatable() -> None:
    first, _ = mixed(CLIPS, TRUTH, cross_entropy, 0.4, draws(5))
    assert torch.equal(first, mixed(CLIPS, TRUTH, cross_entropy, 0.4, draws(5))[0])
    others = [mixed(CLIPS, TRUTH, cross_entropy, 0.4, draws(seed))[0] for seed in range(6, 12)]
    assert not any(torch.equal(first, other) for other in others)


@pytest.mark.parametrize("alpha", [0.1, 1.0, 8.0])
def test_shares_follow_the_beta_distribution(alpha: float) -> None:
    found = shares(alpha)
    assert float(found.min()) >= 0
    assert float(found.max()) <= 1
    assert float(found.mean()) == pytest.approx(0.5, abs=0.03)
    # Variance of Beta(α, α).
    assert float(found.var()) == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.1)


def test_small_alpha_leaves_most_batches_almost_unmixed() -> None:
    almost = [float(np.mean(np.abs(shares(alpha).numpy() - 0.5) > 0.45)) for alpha in (0.1, 8.0)]
    assert almost[0] > 0.7
    assert almost[1] == 0
