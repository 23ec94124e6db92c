"""The networks by family: one place that turns a configuration slice into a module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from serflow.errors import UserError
from serflow.networks.cnn1d import CNN1D
from serflow.networks.cnn2d import CNN2D

FAMILIES: dict[str, Callable[..., nn.Module]] = {"cnn1d": CNN1D, "cnn2d": CNN2D}
"""Network family → constructor ``(n_classes, input_shape, channels, dropout)``."""


def build(
    family: str, settings: Mapping[str, Any], n_classes: int, input_shape: tuple[int, ...]
) -> nn.Module:
    """Make an untrained network.

    Parameters
    ----------
    family
        A key of `FAMILIES`.
    settings
        The model's configuration slice; ``channels`` and ``dropout`` are read.
    n_classes
        Number of classes, hence of logits.
    input_shape
        Shape of one clip: ``(samples,)`` for ``cnn1d``, ``(height, width)`` for ``cnn2d``.

    Returns
    -------
    torch.nn.Module
        Takes a float32 batch ``(clips, *input_shape)``, gives logits ``(clips, n_classes)``.

    Raises
    ------
    UserError
        If the family is unknown, or a clip is too small for the network's strides and poolings.
    """
    if family not in FAMILIES:
        raise UserError(
            f"there is no network family {family!r}; choose one of {', '.join(sorted(FAMILIES))}"
        )
    return FAMILIES[family](
        n_classes=n_classes,
        input_shape=tuple(input_shape),
        channels=tuple(settings["channels"]),
        dropout=float(settings["dropout"]),
    )
