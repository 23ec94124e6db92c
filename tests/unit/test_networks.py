"""The networks' shapes, limits and sizes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from serflow.errors import UserError
from serflow.networks import registry

SHAPES = {"cnn1d": (8000,), "cnn2d": (40, 30)}
SETTINGS: dict[str, Any] = {"channels": [4, 6, 8], "dropout": 0.5}


@pytest.mark.parametrize("family", SHAPES)
@pytest.mark.parametrize("n_classes", [2, 7])
def test_logits_have_one_row_a_clip_and_one_column_a_class(family: str, n_classes: int) -> None:
    module = registry.build({**SETTINGS, "family": family}, n_classes, SHAPES[family])
    assert module(torch.randn(3, *SHAPES[family])).shape == (3, n_classes)


@pytest.mark.parametrize("family", SHAPES)
def test_a_clip_s_logits_do_not_depend_on_the_batch_once_trained(family: str) -> None:
    torch.manual_seed(0)
    module = registry.build({**SETTINGS, "family": family}, 4, SHAPES[family]).eval()
    batch = torch.randn(4, *SHAPES[family])
    torch.testing.assert_close(module(batch)[:2], module(batch[:2]))


@pytest.mark.parametrize("family", SHAPES)
def test_dropout_works_in_training_only(family: str) -> None:
    torch.manual_seed(0)
    module = registry.build({**SETTINGS, "family": family}, 4, SHAPES[family])
    for part in module.modules():
        if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
            part.eval()
    batch = torch.randn(2, *SHAPES[family])
    assert not torch.equal(module(batch), module(batch))
    module.eval()
    assert torch.equal(module(batch), module(batch))


@pytest.mark.parametrize("family", SHAPES)
def test_every_weight_gets_a_gradient(family: str) -> None:
    torch.manual_seed(0)
    module = registry.build({**SETTINGS, "family": family, "dropout": 0}, 4, SHAPES[family])
    module(torch.randn(4, *SHAPES[family])).square().sum().backward()
    for name, weights in module.named_parameters():
        assert weights.grad is not None, name
        assert float(weights.grad.abs().sum()) > 0, name


@pytest.mark.parametrize("family", SHAPES)
def test_the_smallest_clip_passes_and_a_smaller_one_is_told(family: str) -> None:
    shape = SHAPES[family]
    smallest = next(side for side in range(1, max(shape)) if _fits(family, (side,) * len(shape)))
    fitting = (smallest,) * len(shape)
    module = registry.build({**SETTINGS, "family": family}, 2, fitting).eval()
    assert bool(module(torch.randn(1, *fitting)).isfinite().all())
    with pytest.raises(UserError, match=str(smallest)):
        registry.build({**SETTINGS, "family": family}, 2, (smallest - 1,) * len(shape))
    module = registry.build({**SETTINGS, "family": family}, 2, fitting).eval()
    with pytest.raises(RuntimeError):
        module(torch.randn(1, *(smallest - 1,) * len(shape)))


def _fits(family: str, shape: tuple[int, ...]) -> bool:
    try:
        registry.build({**SETTINGS, "family": family}, 2, shape)
    except UserError:
        return False
    return True


@pytest.mark.parametrize("samples", [8000, 8017])
def test_cnn1d_is_what_one_dimensional_layers_compute(samples: int) -> None:
    torch.manual_seed(0)
    module = registry.build({**SETTINGS, "family": "cnn1d"}, 4, (samples,)).eval()
    batch = torch.randn(3, samples)
    state = module.state_dict()
    envelope = nn.functional.conv1d(batch[:, None], state["filters.weight"], stride=32).abs()
    hidden = torch.log(nn.functional.avg_pool1d(envelope, 5) + 1e-3)
    # As untrained, batch normalisation divides by √(1 + 1e-5).
    hidden = hidden / (1 + 1e-5) ** 0.5
    for block in (1, 5):
        hidden = nn.functional.conv1d(hidden, state[f"blocks.{block}.weight"][:, :, 0], padding=2)
        hidden = nn.functional.max_pool1d(torch.relu(hidden / (1 + 1e-5) ** 0.5), 2)
    torch.testing.assert_close(module(batch), module.head(hidden.mean(dim=2)))


def test_unknown_family_is_told() -> None:
    with pytest.raises(UserError, match=r"'cnn3d'.*cnn1d, cnn2d"):
        registry.build({**SETTINGS, "family": "cnn3d"}, 2, (1, 1, 1))
