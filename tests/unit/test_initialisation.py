"""First weights are those of Keras."""

from __future__ import annotations

import math

import torch
from torch import nn

from serflow.networks.initialisation import glorot


def test_kernels_fill_glorot_s_interval_and_biases_are_zero() -> None:
    torch.manual_seed(0)
    dense, convolution = nn.Linear(30, 50), nn.Conv2d(4, 8, (1, 5))
    glorot(nn.Sequential(dense, nn.Sequential(convolution)))
    for layer, fans in ((dense, 30 + 50), (convolution, 5 * (4 + 8))):
        limit = math.sqrt(6 / fans)
        largest = layer.weight.abs().max().item()
        assert 0.95 * limit < largest <= limit
        assert not layer.bias.any()


def test_lstm_begins_orthogonal_with_open_forget_gates() -> None:
    torch.manual_seed(0)
    layer = nn.LSTM(6, 5, num_layers=2)
    glorot(layer)
    forget = torch.zeros(20)
    forget[5:10] = 1
    for level in (0, 1):
        recurrent = getattr(layer, f"weight_hh_l{level}")
        torch.testing.assert_close(recurrent.T @ recurrent, torch.eye(5))
        bias = getattr(layer, f"bias_ih_l{level}") + getattr(layer, f"bias_hh_l{level}")
        assert torch.equal(bias, forget)
    assert layer.weight_ih_l0.abs().max().item() <= math.sqrt(6 / (6 + 20))
