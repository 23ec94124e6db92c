"""Networks on waveforms against the one-dimensional layers that their sources write."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from serflow.errors import UserError
from serflow.networks.conflictnet import ConflictNET
from serflow.networks.ser1d import SER1D
from serflow.networks.very_deep import Residual, VeryDeep

State = dict[str, Tensor]


def convolved(planes: Tensor, state: State, name: str, stride: int = 1, padding: int = 0) -> Tensor:
    weights, bias = state[f"{name}.weight"].squeeze(2), state.get(f"{name}.bias")
    return F.conv1d(planes, weights, bias, stride, padding)


def normalised(planes: Tensor, state: State, name: str) -> Tensor:
    weights, bias = state[f"{name}.weight"], state[f"{name}.bias"]
    return F.batch_norm(planes, None, None, weights, bias, training=True)


def test_ser1d_is_convolution_normalisation_elu_pooling() -> None:
    torch.manual_seed(0)
    module = SER1D(4, (1030,), channels=(3, 4, 5, 6))
    signals = torch.randn(3, 1030)
    state = module.state_dict()
    planes = signals[:, None]
    for at in (0, 4, 8, 12):
        planes = convolved(planes, state, f"blocks.{at}", padding=1)
        planes = F.max_pool1d(F.elu(normalised(planes, state, f"blocks.{at + 1}")), 4)
    _, (last, _) = module.first(planes.transpose(1, 2))
    torch.testing.assert_close(module(signals), module.output(last[0]))


def test_ser1d_with_attention_reads_the_attended_states() -> None:
    torch.manual_seed(0)
    module = SER1D(4, (1030,), attention=True)
    signals = torch.randn(3, 1030)
    assert module.attention is not None
    assert module.second is not None
    steps = module.eval().blocks(signals[:, None, None]).squeeze(2).transpose(1, 2)
    _, (last, _) = module.second(module.attention(module.first(steps)[0]))
    torch.testing.assert_close(module(signals), module.output(last[0]))


def test_conflictnet_is_convolution_relu_normalisation_pooling() -> None:
    torch.manual_seed(0)
    module = ConflictNET(1, (3200,))
    signals = torch.randn(2, 3200)
    state = module.state_dict()
    planes = signals[:, None]
    for at, pool in ((0, 8), (4, 6), (8, 6)):
        planes = F.relu(convolved(planes, state, f"blocks.{at}"))
        planes = F.max_pool1d(normalised(planes, state, f"blocks.{at + 2}"), pool)
    steps = F.avg_pool1d(planes, 4).transpose(1, 2)
    _, (last, _) = module.second(module.attention(module.first(steps)[0]))
    torch.testing.assert_close(module(signals), module.output(last[0]))


def test_m5_is_convolution_normalisation_relu_pooling() -> None:
    torch.manual_seed(0)
    module = VeryDeep(4, (2100,), "m5")
    signals = torch.randn(2, 2100)
    state = module.state_dict()
    planes = convolved(signals[:, None], state, "layers.0", stride=4, padding=38)
    planes = F.max_pool1d(F.relu(normalised(planes, state, "layers.1")), 4)
    for at in (4, 8, 12):
        planes = convolved(planes, state, f"layers.{at}", padding=1)
        planes = F.max_pool1d(F.relu(normalised(planes, state, f"layers.{at + 1}")), 4)
    torch.testing.assert_close(module(signals), module.output(planes.mean(dim=2)))


@pytest.mark.parametrize("width", [3, 6])
def test_a_residual_block_adds_its_input(width: int) -> None:
    torch.manual_seed(0)
    block = Residual(3, width)
    signals = torch.randn(2, 3, 9)
    state = block.state_dict()
    planes = F.relu(normalised(convolved(signals, state, "branch.0", padding=1), state, "branch.1"))
    planes = normalised(convolved(planes, state, "branch.3", padding=1), state, "branch.4")
    expected = F.relu(planes + torch.cat([signals] * (width // 3), dim=1))
    torch.testing.assert_close(block(signals[:, :, None]), expected[:, :, None])


def test_an_unknown_plan_is_told() -> None:
    with pytest.raises(UserError, match=r"'m7'.*m3, m5, m11, m18, m34_res"):
        VeryDeep(2, (8000,), "m7")
