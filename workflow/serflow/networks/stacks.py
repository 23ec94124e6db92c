"""Stacks of convolutions and poolings: how small a clip they take, and what they leave of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import nn

from serflow.errors import UserError

Size = int | tuple[int, ...]


def stack(
    name: str, input_shape: tuple[int, ...], layers: Sequence[nn.Module], remedy: str
) -> nn.Sequential:
    """Put layers one after the other.

    Parameters
    ----------
    name
        What the user calls the network.
    input_shape
        ``(height, width)`` of a clip, or ``(samples,)``, which pass as an image one pixel high.
    layers
        What a clip passes, in order.
    remedy
        What the user can do about a clip that is too small.

    Returns
    -------
    torch.nn.Sequential
        With its weights in the memory layout that convolutions on CPUs are fastest in.

    Raises
    ------
    UserError
        If nothing would be left of a clip.
    """
    modules = nn.Sequential(*layers)
    least = smallest(modules)[-len(input_shape) :]
    if any(got < needed for got, needed in zip(input_shape, least, strict=True)):
        unit = "samples" if len(input_shape) == 1 else "points"
        raise UserError(
            f"{name} needs clips of at least {' × '.join(map(str, least))} {unit} and got "
            f"{' × '.join(map(str, input_shape))}; {remedy}"
        )
    arranged: nn.Sequential = modules.to(  # type: ignore[call-overload]
        memory_format=torch.channels_last
    )
    return arranged


def smallest(layers: nn.Module) -> tuple[int, int]:
    """Return the smallest height and width of which something is left after the last layer."""
    height = width = 1
    for (tall, wide), (down, right), (rows, columns) in reversed(list(_windows(layers))):
        height = max((height - 1) * down + tall - rows, 1)
        width = max((width - 1) * right + wide - columns, 1)
    return height, width


def remaining(layers: nn.Module, shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the height and width that are left of `shape`, ``(height, width)``."""
    height, width = shape
    for (tall, wide), (down, right), (rows, columns) in _windows(layers):
        height = (height + rows - tall) // down + 1
        width = (width + columns - wide) // right + 1
    return height, width


def _windows(layers: nn.Module) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Each layer's window, step, and padding of both sides together, as (height, width)."""
    for layer in layers.modules():
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            assert not isinstance(layer.padding, str), "give the padding as a number"
            padding = tuple(2 * side for side in _pair(layer.padding))
            yield _pair(layer.kernel_size), _pair(layer.stride), padding
        elif isinstance(layer, nn.ZeroPad2d):
            west, east, north, south = layer.padding
            yield (1, 1), (1, 1), (north + south, west + east)


def _pair(size: Size) -> tuple[int, ...]:
    return (size, size) if isinstance(size, int) else size
