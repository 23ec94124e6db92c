"""The networks by family: one place that turns a configuration slice into a module."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from torch import nn

from serflow import targets
from serflow.errors import UserError
from serflow.networks import custom
from serflow.networks.cnn1d import CNN1D
from serflow.networks.cnn2d import CNN2D
from serflow.networks.cnn_stft import CNNSTFT
from serflow.networks.conflictnet import ConflictNET
from serflow.networks.crnn import CRNN
from serflow.networks.ensemble import Estimator, together
from serflow.networks.gan import GANCNN2D
from serflow.networks.mlp_wave import MLPWave
from serflow.networks.recurrent import Recurrent
from serflow.networks.ser1d import SER1D
from serflow.networks.very_deep import VeryDeep

FAMILIES: dict[str, Callable[..., nn.Module]] = {
    "mlp_wave": MLPWave,
    "cnn1d": CNN1D,
    "very_deep": VeryDeep,
    "ser1d": SER1D,
    "conflictnet": ConflictNET,
    "cnn2d": partial(CNN2D, stretches=0),
    "gan_cnn2d": GANCNN2D,
    "cnn_stft": CNNSTFT,
    "cnn_mel": CNN2D,
    "crnn": CRNN,
    "lstm": partial(Recurrent, cell="lstm"),
    "gru": partial(Recurrent, cell="gru"),
}
"""Network family → constructor; it takes ``n_classes``, ``input_shape`` and settings by name."""


def build(settings: Mapping[str, Any], n_classes: int, input_shape: tuple[int, ...]) -> nn.Module:
    """Make an untrained network.

    Parameters
    ----------
    settings
        The model's configuration slice; ``family`` and what the family's constructor has a
        parameter for are read.
    n_classes
        Number of classes, hence of outputs.
    input_shape
        Shape of one clip: ``(samples,)``, ``(height, width)`` or ``(rows, frames)``.

    Returns
    -------
    torch.nn.Module
        Takes a float32 batch ``(clips, *input_shape)``, gives logits ``(clips, n_classes)``.

    Raises
    ------
    UserError
        If the family is unknown, or a clip is too small for the network's strides and poolings.
    """
    family = settings["family"]
    if family == "custom":
        return custom.make(
            settings["file"], settings["class"], n_classes, input_shape, settings["options"]
        )
    if family not in FAMILIES:
        raise UserError(
            f"there is no network family {family!r}; choose one of {', '.join(sorted(FAMILIES))}"
        )
    constructor = FAMILIES[family]
    wanted = inspect.signature(constructor).parameters
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in settings.items()
        if name in wanted
    }
    return constructor(n_classes=n_classes, input_shape=tuple(input_shape), **given)


def assemble(
    settings: Mapping[str, Any], n_classes: int, input_shape: tuple[int, ...]
) -> nn.Module:
    """Make what a training ends with: of several ``members`` one, of a ``target`` its unit."""
    members = [build(settings, n_classes, input_shape) for _ in range(settings["members"])]
    estimating = targets.of(settings) is not None
    return together(list(map(Estimator, members)) if estimating else members, estimating)
