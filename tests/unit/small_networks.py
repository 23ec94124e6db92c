"""A small untrained network of every family, for tests of what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from serflow.networks import registry
from serflow.networks.modelfile import Network

CLASSES = ["Angry", "Calm", "Happy"]
FAMILIES: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "mlp_wave": ({"hidden": 8}, (50,)),
    "cnn1d": ({"channels": [4, 6, 8], "dropout": 0.5}, (8017,)),
    "very_deep": ({"plan": "m5"}, (2100,)),
    "ser1d": ({"channels": [4, 4, 6, 6], "hidden": 5}, (1000,)),
    "conflictnet": ({}, (3200,)),
    "cnn2d": ({"channels": [4, 6], "dropout": 0.5}, (24, 20)),
    "gan_cnn2d": ({"channels": [3, 4, 5], "dropout": 0.5}, (20, 17)),
    "cnn_stft": ({"channels": [2, 3], "hidden": 4}, (40, 30)),
    "cnn_mel": ({"channels": [4, 6], "dropout": 0.5, "stretches": 3}, (24, 50)),
    "crnn": ({"channels": [2, 3, 4, 5], "hidden": 4}, (20, 30)),
    "lstm": ({"hidden": 4}, (7, 5)),
    "gru": ({"hidden": 4, "layers": 2}, (7, 5)),
}
MORE: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "very_deep, residual": ({"plan": "m34_res"}, (2100,)),
    "ser1d, attention": ({"attention": True, "channels": [4, 4, 6, 6]}, (1000,)),
    "lstm, last": ({"hidden": 4, "pooling": "last"}, (7, 5)),
    "gru, mean, one way": ({"hidden": 4, "pooling": "mean", "bidirectional": False}, (7, 5)),
}
TRAINING = {"kind": "training", "scale": 1.0, "mean": 3.5, "std": 900.0}


def network(
    family: str,
    options: Mapping[str, Any],
    shape: tuple[int, ...],
    preprocessing: Mapping[str, Any] = TRAINING,
    **more: Any,
) -> Network:
    """Return a network, with means and deviations that are none of those that it begins with."""
    torch.manual_seed(0)
    settings = {"family": family, "members": 1, "target": None, **options, **more}
    classes = CLASSES if settings["target"] is None else [settings["target"]]
    module = registry.assemble(settings, len(classes), shape)
    for layer in module.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2)
    return Network(module, classes, dict(preprocessing), settings, shape)


def clips(shape: tuple[int, ...], count: int = 5) -> np.ndarray:
    return (1000 * np.random.default_rng(0).standard_normal((count, *shape))).astype(np.float32)


def temper(asked: Network, inputs: np.ndarray) -> None:
    """Scale the last layer so that clips differ; probabilities of 0 and 1 hide differences."""
    last = [layer for layer in asked.module.modules() if isinstance(layer, torch.nn.Linear)][-1]
    logits = asked.outputs([torch.from_numpy(inputs)])
    with torch.no_grad():
        last.weight.div_(logits.std(dim=0).mean())
        last.bias.zero_()
        mean = asked.outputs([torch.from_numpy(inputs)]).mean(dim=0)
        last.bias.sub_(mean)
