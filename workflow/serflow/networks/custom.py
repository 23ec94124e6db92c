"""Networks that a user's own Python file defines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from serflow.errors import UserError
from serflow.user_code import execute, listed, told

TRIAL_CLIPS = 2


def make(
    path: str | Path,
    name: str,
    n_classes: int,
    input_shape: tuple[int, ...],
    options: Mapping[str, Any],
) -> nn.Module:
    """Make a network of a Python file, and try it on clips of zeros.

    Parameters
    ----------
    path
        The file, as the configuration's key `file` names it; it is executed.
    name
        The class: a ``torch.nn.Module`` made with ``(n_classes, input_shape, **options)``.
    n_classes
        Number of classes, hence of outputs.
    input_shape
        Shape of one clip: ``(samples,)``, ``(height, width)`` or ``(rows, frames)``.
    options
        What the class takes beside these two.

    Returns
    -------
    torch.nn.Module
        Takes a float32 batch ``(clips, *input_shape)``, gives logits ``(clips, n_classes)``.

    Raises
    ------
    UserError
        If there is no such file or class, it cannot be made, or it does not take such a batch, give
        such logits, or have anything to train.
    """
    kind = network_class(path, name)
    given = "".join(f", {key}={value!r}" for key, value in options.items())
    made = f"{name}({n_classes}, {tuple(input_shape)}{given})"
    try:
        network = kind(n_classes, tuple(input_shape), **options)
    except Exception as error:
        raise UserError(
            f"{path}: {made} cannot be made: {told(error, path)}; the class is called with the "
            "number of classes, the shape of one clip, and the model's `options` by name"
        ) from error
    _try(network, f"{path}: {made}", path, n_classes, input_shape)
    return network


def network_class(path: str | Path, name: str) -> type[nn.Module]:
    """Return a class of a Python file, which is executed.

    Raises
    ------
    UserError
        If there is no such file or class, or the file cannot be executed.
    """
    module = execute(path, "the model's `file`")
    found = getattr(module, name, None)
    if not (isinstance(found, type) and issubclass(found, nn.Module)):
        classes = [
            key
            for key, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, nn.Module)
        ]
        raise UserError(
            f"{path}: no network {name!r} is in it, wanted is a class derived from "
            f"torch.nn.Module; it has {listed(classes)}. Set `class` to its name"
        )
    return found


def _try(
    network: nn.Module,
    made: str,
    path: str | Path,
    n_classes: int,
    input_shape: tuple[int, ...],
) -> None:
    """Refuse a network that the training could not use, before it begins."""
    shape = (TRIAL_CLIPS, *input_shape)
    wanted = (TRIAL_CLIPS, n_classes)
    # As for predictions: one that standardises over the batch would refuse a single clip otherwise.
    network.eval()
    try:
        with torch.no_grad():
            output = network(torch.zeros(shape))
    except Exception as error:
        raise UserError(
            f"{made} fails on a batch of shape {shape}: {told(error, path)}; its `forward` is "
            f"given {TRIAL_CLIPS} clips here and has to return logits of shape {wanted}"
        ) from error
    network.train()
    if not isinstance(output, Tensor) or not output.is_floating_point():
        raise UserError(
            f"{made} returns {_what(output)}, wanted is a tensor of logits, floating point, of "
            f"shape {wanted} for {TRIAL_CLIPS} clips"
        )
    if tuple(output.shape) != wanted:
        raise UserError(
            f"{made} returns shape {tuple(output.shape)} for {TRIAL_CLIPS} clips, wanted is "
            f"{wanted}: one row a clip, one logit a class"
        )
    if not any(weights.requires_grad for weights in network.parameters()):
        raise UserError(
            f"{made} has nothing to train; keep layers as attributes of the module, or in "
            "torch.nn.ModuleList or Sequential, so that torch sees their weights"
        )


def _what(output: object) -> str:
    if isinstance(output, Tensor):
        return f"a tensor of {str(output.dtype).removeprefix('torch.')}"
    return f"an object of type {type(output).__name__}"
