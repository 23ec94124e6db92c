"""Sizes that stacks of layers take and leave, against torch."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from serflow.errors import UserError
from serflow.networks.stacks import remaining, smallest, stack

KERNELS = st.tuples(st.integers(1, 5), st.integers(1, 5))
STEPS = st.tuples(st.integers(1, 4), st.integers(1, 4))
CONVOLUTIONS = st.builds(
    lambda kernel, stride, padding: nn.Conv2d(1, 1, kernel, stride, padding),
    KERNELS,
    STEPS,
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
POOLINGS = st.builds(
    lambda kernel, kind: kind(kernel), KERNELS, st.sampled_from([nn.MaxPool2d, nn.AvgPool2d])
)
EDGES = st.builds(nn.ZeroPad2d, st.tuples(*[st.integers(0, 2)] * 4))
LAYERS = st.lists(st.one_of(CONVOLUTIONS, POOLINGS, EDGES, st.builds(nn.ReLU)), max_size=5)


@given(LAYERS)
def test_the_smallest_passes_and_nothing_smaller(layers: list[nn.Module]) -> None:
    modules = nn.Sequential(*layers)
    height, width = smallest(modules)
    output = modules(torch.zeros(1, 1, height, width))
    assert output.numel() > 0
    for smaller in ((height - 1, width), (height, width - 1)):
        if min(smaller) > 0:
            with pytest.raises(RuntimeError):
                modules(torch.zeros(1, 1, *smaller))


@given(LAYERS, st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_what_remains_is_what_torch_leaves(layers: list[nn.Module], more: tuple[int, int]) -> None:
    modules = nn.Sequential(*layers)
    shape = tuple(side + extra for side, extra in zip(smallest(modules), more, strict=True))
    assert remaining(modules, shape) == tuple(modules(torch.zeros(1, 1, *shape)).shape[2:])


def test_what_is_too_small_is_told_with_the_remedy() -> None:
    layers = [nn.Conv2d(1, 2, (1, 4)), nn.MaxPool2d((1, 3))]
    with pytest.raises(UserError, match="echo needs clips of at least 6 samples and got 5; wait"):
        stack("echo", (5,), layers, "wait")
    assert stack("echo", (6,), layers, "wait")(torch.zeros(1, 1, 1, 6)).shape == (1, 2, 1, 1)
