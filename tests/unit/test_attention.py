"""Self-attention and attention pooling against their formulas."""

from __future__ import annotations

import math

import torch

from serflow.networks.attention import AttentionPooling, SelfAttention


def by_hand(module: SelfAttention, frames: list[list[float]]) -> list[list[float]]:
    """The formulas of the docstring, one number after the other."""
    W_t, W_x, W_a = (weights.tolist() for weights in (module.W_t, module.W_x, module.W_a))
    b_h, b_a = module.b_h.tolist(), module.b_a.item()
    units, features = range(len(b_h)), range(len(W_t))
    attended = []
    for x in frames:
        scores = []
        for other in frames:
            h = [
                math.tanh(sum(x[f] * W_t[f][u] + other[f] * W_x[f][u] for f in features) + b_h[u])
                for u in units
            ]
            scores.append(math.exp(math.tanh(sum(h[u] * W_a[u][0] for u in units) + b_a)))
        shares = [score / sum(scores) for score in scores]
        attended.append(
            [sum(a * other[f] for a, other in zip(shares, frames, strict=True)) for f in features]
        )
    return attended


def test_self_attention_is_its_formula() -> None:
    torch.manual_seed(0)
    module = SelfAttention(2, units=3)
    with torch.no_grad():
        for weights in module.parameters():
            weights.normal_()
    frames = [[0.5, -1.0], [2.0, 0.3], [-0.7, 1.5], [0.0, 0.1]]
    ours = module(torch.tensor([frames]))[0]
    torch.testing.assert_close(ours, torch.tensor(by_hand(module, frames)))


def test_self_attention_weights_are_means_of_bounded_unevenness() -> None:
    torch.manual_seed(0)
    module = SelfAttention(5)
    assert module(torch.randn(2, 7, 5)).shape == (2, 7, 5)
    shares = module.weights(100 * torch.randn(2, 7, 5))
    torch.testing.assert_close(shares.sum(dim=2), torch.ones(2, 7))
    assert (shares.amax(dim=2) / shares.amin(dim=2)).max().item() <= math.exp(2) * 1.001


def test_self_attention_has_4161_weights_for_64_features() -> None:
    assert sum(weights.numel() for weights in SelfAttention(64).parameters()) == 4161


def test_attention_pooling_by_hand() -> None:
    module = AttentionPooling(2)
    frames = torch.tensor([[[0.0, 1.0], [2.0, 3.0]]])
    torch.testing.assert_close(module(frames), torch.tensor([[1.0, 2.0]]))
    with torch.no_grad():
        module.query.copy_(torch.tensor([math.log(3) / 2, 0.0]))
    # Scores 0 and log 3: a quarter and three quarters.
    torch.testing.assert_close(module(frames), torch.tensor([[1.5, 2.5]]))
