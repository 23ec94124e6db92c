"""Bringing a batch of raw clips to the scale that a network is trained on.

Every way is a small dict, so that it can be stored in the model file and applied to any later clip:
``{"kind": …}`` and the numbers the kind needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from serflow.errors import UserError

KINDS = ("offset", "training", "bands", "clip", "rms", "speaker")
FLOOR = 1e-3
"""Smallest divisor, in 16-bit steps or dB: silence stays zero instead of becoming NaN."""
BLOCK = 64


def fit(kind: str, inputs: Any, rows: np.ndarray) -> dict[str, Any]:
    """Return the preprocessing of a kind, with whatever it takes from the training clips.

    Parameters
    ----------
    kind
        ``image``: uint8 to [−1, 1], as ``ToTensor()`` and ``Normalize(0.5, 0.5)`` do. For signals
        on the 16-bit integer scale and spectrograms in dB: ``training`` mean and standard deviation
        of all values of the training clips, which keeps loudness; ``bands`` likewise, for each row
        of a spectrogram; ``clip`` zero mean and unit variance of each clip, which removes loudness;
        ``rms`` divided by each clip's root mean square, likewise; ``offset`` (x − 1000) / 100, the
        laboratory sheet's; ``speaker`` leaves clips as they are, because
        `serflow.networks.speakers.SpeakerStandardised` has standardised them.
    inputs
        All clips, ``(clips, …)``; only `rows` are read, and only by ``training`` and ``bands``.
    rows
        Indices of the training clips.

    Returns
    -------
    dict
        To be given to `apply`; plain strings, floats and lists.

    Raises
    ------
    UserError
        If the kind is unknown.
    """
    if kind == "image":
        return {"kind": kind, "scale": 255.0, "mean": 0.5, "std": 0.5}
    if kind == "offset":
        return {"kind": kind, "scale": 1.0, "mean": 1000.0, "std": 100.0}
    if kind == "training":
        mean, std = moments(inputs, rows)
        return {"kind": kind, "scale": 1.0, "mean": float(mean), "std": float(std)}
    if kind == "bands":
        mean, std = moments(inputs, rows, by_row=True)
        return {"kind": kind, "scale": 1.0, "mean": mean.tolist(), "std": std.tolist()}
    if kind in KINDS:
        return {"kind": kind}
    raise UserError(f"normalisation is {kind!r}; it has to be one of {', '.join(KINDS)}")


def moments(
    inputs: Any, rows: np.ndarray, by_row: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation over all values of some clips, read block by block.

    Parameters
    ----------
    inputs
        All clips, ``(clips, samples)`` or ``(clips, rows, frames)``.
    rows
        Indices of the clips.
    by_row
        Whether each row of a spectrogram has its own, of shape ``(rows, 1)``; else they are
        scalars, of shape ``()``.
    """
    axes = (0, -1) if by_row else None
    count, total, squares = 0, np.zeros(()), np.zeros(())
    for start in range(0, len(rows), BLOCK):
        block = np.asarray(inputs[rows[start : start + BLOCK]], np.float64)
        sums = block.sum(axis=axes)
        count += block.size // sums.size
        total = total + sums
        squares = squares + np.square(block).sum(axis=axes)
    mean = total / count
    std = np.sqrt(np.maximum(squares / count - mean**2, FLOOR**2))
    return (mean[:, None], std[:, None]) if by_row else (mean, std)


def apply(batch: Tensor, preprocessing: Mapping[str, Any]) -> Tensor:
    """Normalise a float32 batch ``(clips, …)`` of raw values as `fit` decided."""
    kind = preprocessing["kind"]
    if kind == "bands":
        centre, width = (_like(batch, preprocessing[key]) for key in ("mean", "std"))
        return (batch - centre).div_(width)
    if "mean" in preprocessing:
        # In this order, because it is torchvision's: the last bit depends on it.
        scale, mean, std = (float(preprocessing[key]) for key in ("scale", "mean", "std"))
        # In place after the first step: each new array would be another pass through memory.
        return (batch / scale).sub_(mean).div_(std)
    if kind == "speaker":
        return batch
    within = tuple(range(1, batch.ndim))
    if kind == "clip":
        batch = batch - batch.mean(dim=within, keepdim=True)
    level = batch.square().mean(dim=within, keepdim=True).sqrt()
    return batch / torch.clamp(level, min=FLOOR)


def _like(batch: Tensor, values: Any) -> Tensor:
    """Return plain numbers as a tensor of the batch's type, where it is."""
    return torch.tensor(values, dtype=batch.dtype, device=batch.device)
