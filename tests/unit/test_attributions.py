"""Integrated gradients: exact where they are known, and complete where they are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from small_networks import CLASSES, FAMILIES, clips
from small_networks import network as small_network
from small_trainings import IMAGES, SIGNALS
from torch import nn

from serflow.errors import UserError
from serflow.explanations import attributions
from serflow.networks import registry
from serflow.networks.modelfile import Network


def network(kind: str, shape: tuple[int, ...], module: nn.Module, **changed: Any) -> Network:
    preprocessing = {"kind": kind, "scale": 1.0, "mean": 10.0, "std": 2.0}
    settings = {**SIGNALS, **changed}
    return Network(module, ["A", "B"], preprocessing, settings, shape)


def test_of_a_linear_network_they_are_the_lead_of_its_weights_times_input() -> None:
    torch.manual_seed(0)
    module = nn.Linear(5, 3)
    one = network("training", (5,), module)
    clips = np.random.default_rng(0).normal(0, 50, (3, 5)).astype(np.float32)
    found = attributions.integrated_gradients(one, clips, [0, 1, 0], [2, 0, 1], steps=4)
    # Silence is 0 before the normalisation, so its mean is in neither difference.
    each = module.weight.detach().numpy()
    weights = each[[0, 1, 0]] - each[[2, 0, 1]]
    np.testing.assert_allclose(found.values, weights * clips / 2, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.values.sum(axis=1), found.difference, rtol=1e-4)
    assert found.gap < 1e-3


def test_what_speaks_for_every_label_alike_speaks_for_none() -> None:
    module = nn.Linear(2, 2)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[5.0, 1.0], [5.0, -1.0]]))
    one = network("training", (2,), module)
    found = attributions.integrated_gradients(one, np.array([[20.0, 20.0]]), [0], [1], steps=4)
    np.testing.assert_allclose(found.values, [[0.0, 20.0]], atol=1e-5)


@pytest.mark.parametrize("family", ["cnn2d", "cnn1d"])
def test_of_any_network_they_add_up_to_the_output(family: str) -> None:
    torch.manual_seed(1)
    settings = {**(IMAGES if family == "cnn2d" else SIGNALS), "members": 2}
    shape = (24, 20) if family == "cnn2d" else (800,)
    module = registry.assemble(settings, 2, shape)
    for layer in module.modules():
        # As after a training: statistics that are not those of the beginning.
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
    kind = "image" if family == "cnn2d" else "training"
    preprocessing = {"kind": kind, "scale": 255.0, "mean": 0.5, "std": 0.5}
    one = Network(module, ["A", "B"], preprocessing, settings, shape)
    clips = np.random.default_rng(0).integers(0, 255, (2, *shape)).astype(np.uint8)
    # Untrained ones hardly tell the labels apart, so that it takes more steps than a trained one.
    found = attributions.integrated_gradients(one, clips, [0, 1], [1, 0], steps=400)
    assert found.values.shape == clips.shape
    sums = found.values.reshape(2, -1).sum(axis=1)
    np.testing.assert_allclose(sums, found.difference, rtol=0.05, atol=3e-4)
    first, again = (
        attributions.integrated_gradients(one, clips, [0, 1], [1, 0], steps=4).values
        for _ in range(2)
    )
    assert np.array_equal(first, again)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_explained(family: str) -> None:
    options, shape = FAMILIES[family]
    asked = small_network(family, {**options, "input": "log_mel"}, shape)
    for one in (asked, attributions.untrained(asked)):
        last = len(CLASSES) - 1
        found = attributions.integrated_gradients(one, clips(shape, 2), [0, last], [last, 0], 4)
        assert found.values.shape == (2, *shape)
        assert np.isfinite(found.values).all()
        assert found.values.reshape(2, -1).any(axis=1).all()


def test_a_network_of_one_s_own_without_a_gradient_is_told_in_words() -> None:
    class Cut(nn.Linear):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            return super().forward(batch.detach())

    module = Cut(5, 2).requires_grad_(False)
    own = {"family": "custom", "input": "signal", "file": "mine.py", "class": "Cut"}
    one = network("training", (5,), module, **own)
    with pytest.raises(UserError, match=r"Cut of mine\.py .*explained.*explanations: false"):
        attributions.integrated_gradients(one, np.ones((1, 5), np.float32), [0], [1], 4)


def test_silence_is_the_quietest_point_or_no_sound_at_all() -> None:
    raw = torch.tensor([[[10.0, 30.0], [20.0, 14.0]]])
    picture = network("training", (2, 2), nn.Flatten(), family="cnn_stft")
    given = (raw - 10) / 2
    assert attributions.silence(picture, raw, given).tolist() == [[[0, 0], [0, 0]]]
    by_clip = network("clip", (2, 2), nn.Flatten(), family="cnn_stft")
    assert attributions.silence(by_clip, raw, raw / 10).tolist() == [[[1, 1], [1, 1]]]
    frames = network("training", (2, 2), nn.Flatten(), family="lstm", input="mfcc")
    assert attributions.silence(frames, raw, given).tolist() == [[[5, 5], [3.5, 3.5]]]
    sound = network("rms", (2,), nn.Flatten())
    assert attributions.silence(sound, raw[:, 0], given[:, 0]).tolist() == [[0, 0]]


def test_likeness_is_of_ranks_and_knows_no_sign() -> None:
    one = np.array([[1.0, -2.0, 3.0, -4.0]])
    assert attributions.likeness(one, np.array([[-10.0, 20.0, 31.0, 50.0]])) == pytest.approx(1)
    assert attributions.likeness(one, one[:, ::-1]) == pytest.approx(-1)


def test_likeness_leaves_out_what_no_network_can_tell() -> None:
    """Zeros behind a short clip made any two networks look alike."""
    silent = [0.0] * 50
    one = np.array([[1.0, -2.0, 3.0, -4.0, *silent]])
    other = np.array([[4.0, -3.0, 2.0, -1.0, *silent]])
    assert attributions.likeness(one, other) == pytest.approx(-1)
    # Of equals none is the larger; ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    equal = np.array([[1.0, 2.0, 2.0, 4.0]])
    counted = np.array([[1.0, 2.0, 3.0, 4.0]])
    assert attributions.likeness(equal, counted) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)
    nothing = np.zeros((1, 6))
    assert attributions.likeness(nothing, nothing) == 0


def test_an_untrained_network_is_always_the_same_and_leaves_the_generator_alone() -> None:
    module = registry.assemble(SIGNALS, 2, (800,))
    one = network("training", (800,), module)
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    first, second = (attributions.untrained(one).module.state_dict() for _ in range(2))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(torch.equal(first[key], second[key]) for key in first)
