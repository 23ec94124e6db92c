"""What every network of the zoo keeps to: its shapes, its limits, its weights."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from serflow.errors import UserError
from serflow.networks.cnn_stft import CNNSTFT
from serflow.networks.conflictnet import ConflictNET
from serflow.networks.crnn import CRNN
from serflow.networks.gan import GANCNN2D
from serflow.networks.mlp_wave import MLPWave
from serflow.networks.recurrent import Recurrent
from serflow.networks.ser1d import SER1D
from serflow.networks.very_deep import VeryDeep

ZOO: dict[str, tuple[Callable[..., nn.Module], tuple[int, ...]]] = {
    "mlp_wave": (partial(MLPWave, hidden=8), (50,)),
    "cnn_stft": (partial(CNNSTFT, channels=(2, 3), hidden=4), (40, 30)),
    "m3": (partial(VeryDeep, plan="m3"), (1100,)),
    "m5": (partial(VeryDeep, plan="m5"), (2100,)),
    "m11": (partial(VeryDeep, plan="m11"), (2100,)),
    "m34_res": (partial(VeryDeep, plan="m34_res"), (2100,)),
    "lstm": (partial(Recurrent, cell="lstm", hidden=4), (7, 5)),
    "gru": (partial(Recurrent, cell="gru", hidden=4, layers=2), (7, 5)),
    "crnn": (partial(CRNN, channels=(2, 3, 4, 5), hidden=4), (20, 30)),
    "ser1d": (partial(SER1D, channels=(4, 4, 6, 6), hidden=5), (1000,)),
    "ser1d_attention": (partial(SER1D, attention=True, channels=(4, 4, 6, 6)), (1000,)),
    "conflictnet": (ConflictNET, (3200,)),
    "gan_cnn2d": (partial(GANCNN2D, channels=(3, 4, 5)), (20, 17)),
}
CONVOLUTIONAL = {name: ZOO[name] for name in ZOO if name not in ("mlp_wave", "lstm", "gru")}


UNDONE = [f"blocks.{at}.bias" for at in (0, 4, 8, 12)]
"""Published biases that the batch normalisation after them subtracts again."""


def batch(clips: int, shape: tuple[int, ...]) -> Tensor:
    return torch.randn(clips, *shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("name", ZOO)
@pytest.mark.parametrize("n_classes", [1, 7])
def test_outputs_have_one_row_a_clip_and_one_column_a_class(name: str, n_classes: int) -> None:
    build, shape = ZOO[name]
    assert build(n_classes, shape)(batch(3, shape)).shape == (3, n_classes)


@pytest.mark.parametrize("name", ZOO)
def test_a_clip_s_logits_depend_on_it_and_on_no_other_once_trained(name: str) -> None:
    torch.manual_seed(0)
    build, shape = ZOO[name]
    module = build(4, shape).eval()
    clips = batch(4, shape)
    together = module(clips)
    torch.testing.assert_close(together[:2], module(clips[:2]), atol=1e-5, rtol=1e-4)
    assert not torch.allclose(together[0], together[1], atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", ZOO)
def test_every_weight_gets_a_gradient(name: str) -> None:
    torch.manual_seed(0)
    build, shape = ZOO[name]
    module = build(4, shape)
    module(batch(4, shape)).square().sum().backward()
    for label, weights in module.named_parameters():
        assert weights.grad is not None, label
        if name.startswith("ser1d") and label in UNDONE:
            continue
        assert float(weights.grad.abs().sum()) > 0, label


@pytest.mark.parametrize("name", ["cnn_stft", "lstm", "gru", "crnn", "gan_cnn2d"])
def test_dropout_works_in_training_only(name: str) -> None:
    torch.manual_seed(0)
    build, shape = ZOO[name]
    module = build(4, shape)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.eval()
    clips = batch(2, shape)
    assert not torch.equal(module(clips), module(clips))
    module.eval()
    assert torch.equal(module(clips), module(clips))


@pytest.mark.parametrize("name", CONVOLUTIONAL)
def test_the_smallest_clip_passes_and_a_smaller_one_is_told(name: str) -> None:
    build, shape = CONVOLUTIONAL[name]
    for axis, side in enumerate(shape):
        sides = range(1, side + 1)
        fits = partial(_fits, build, shape, axis)
        least = sides[bisect_left(sides, True, key=fits)]
        fitting = _changed(shape, axis, least)
        module = build(2, fitting).eval()
        assert bool(module(batch(1, fitting)).isfinite().all())
        if least > 1:
            smaller = _changed(shape, axis, least - 1)
            with pytest.raises(UserError, match=rf"\b{least}\b.*\b{least - 1}\b"):
                build(2, smaller)
            with pytest.raises((RuntimeError, IndexError)):
                module(batch(1, smaller))


def _changed(shape: tuple[int, ...], axis: int, side: int) -> tuple[int, ...]:
    return (*shape[:axis], side, *shape[axis + 1 :])


def _fits(build: Callable[..., nn.Module], shape: tuple[int, ...], axis: int, side: int) -> bool:
    try:
        build(2, _changed(shape, axis, side))
    except UserError:
        return False
    return True


def test_limits_are_those_of_the_sources() -> None:
    with pytest.raises(UserError, match="at least 1325 samples and got 1324"):
        ConflictNET(2, (1324,))
    with pytest.raises(UserError, match="at least 256 samples"):
        SER1D(2, (255,))
    with pytest.raises(UserError, match="at least 1024 samples"):
        VeryDeep(2, (1023,), "m18")
    with pytest.raises(UserError, match="at least 28 × 28 points and got 1025 × 20"):
        CNNSTFT(2, (1025, 20))


def pooled(module: nn.Module, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes after each pooling of a clip, without computing."""
    found: list[tuple[int, ...]] = []
    hooks = [
        part.register_forward_hook(lambda _, __, output: found.append(tuple(output.shape[1:])))
        for part in module.modules()
        if isinstance(part, nn.MaxPool2d | nn.AvgPool2d)
    ]
    module.to("meta")(torch.empty(1, *shape, device="meta"))
    for hook in hooks:
        hook.remove()
    return found


def test_shapes_are_those_of_the_docstrings() -> None:
    assert pooled(CNNSTFT(10, (1025, 40)), (1025, 40)) == [(32, 256, 10), (64, 63, 1)]
    assert pooled(CRNN(4, (64, 300)), (64, 300))[-1] == (96, 4, 37)
    assert pooled(ConflictNET(1, (240_000,)), (240_000,)) == [
        (64, 1, 29_999),
        (128, 1, 4999),
        (256, 1, 832),
        (256, 1, 208),
    ]
    assert pooled(SER1D(7, (128_000,)), (128_000,)) == [
        (64, 1, 32_000),
        (64, 1, 8000),
        (128, 1, 2000),
        (128, 1, 500),
    ]
    assert pooled(VeryDeep(10, (32_000,), "m5"), (32_000,)) == [
        (128, 1, 2000),
        (128, 1, 500),
        (256, 1, 125),
        (512, 1, 31),
    ]
    assert pooled(VeryDeep(10, (32_000,), "m18"), (32_000,))[-1] == (256, 1, 31)
