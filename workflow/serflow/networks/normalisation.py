"""Bringing a batch of raw clips to the scale that a network is trained on.

Every way is a small dict, so that it can be stored in the model file and applied to any later clip:
``{"kind": …}`` and the numbers the kind needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from serflow.errors import UserError

SIGNAL_KINDS = ("offset", "clip", "training", "rms")
FLOOR = 1e-3
"""Smallest divisor, in 16-bit steps: a silent clip stays zero instead of becoming NaN."""
BLOCK = 64


def fit(kind: str, inputs: Any, rows: np.ndarray) -> dict[str, Any]:
    """Return the preprocessing of a kind, with whatever it takes from the training clips.

    Parameters
    ----------
    kind
        ``image``: uint8 to [−1, 1], as ``ToTensor()`` and ``Normalize(0.5, 0.5)`` do. For signals
        on the 16-bit integer scale: ``offset`` (x − 1000) / 100, the laboratory sheet's; ``clip``
        zero mean and unit variance of each clip, which removes loudness; ``rms`` divided by each
        clip's root mean square, likewise; ``training`` mean and standard deviation of all samples
        of the training clips, which keeps loudness.
    inputs
        All clips, ``(clips, …)``; only `rows` are read, and only by ``training``.
    rows
        Indices of the training clips.

    Returns
    -------
    dict
        To be given to `apply`; plain strings and floats.

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
        return {"kind": kind, "scale": 1.0, **_moments(inputs, rows)}
    if kind in SIGNAL_KINDS:
        return {"kind": kind}
    raise UserError(f"normalisation is {kind!r}; it has to be one of {', '.join(SIGNAL_KINDS)}")


def _moments(inputs: Any, rows: np.ndarray) -> dict[str, float]:
    """Mean and standard deviation over all samples of `rows`, read block by block."""
    count, total, squares = 0, 0.0, 0.0
    for start in range(0, len(rows), BLOCK):
        block = np.asarray(inputs[rows[start : start + BLOCK]], np.float64)
        count += block.size
        total += float(block.sum())
        squares += float(np.square(block).sum())
    mean = total / count
    return {"mean": mean, "std": max(squares / count - mean**2, FLOOR**2) ** 0.5}


def apply(batch: Tensor, preprocessing: Mapping[str, Any]) -> Tensor:
    """Normalise a float32 batch ``(clips, …)`` of raw values as `fit` decided."""
    if "mean" in preprocessing:
        # In this order, because it is torchvision's: the last bit depends on it.
        scale, mean, std = (float(preprocessing[key]) for key in ("scale", "mean", "std"))
        # In place after the first step: each new array would be another pass through memory.
        return (batch / scale).sub_(mean).div_(std)
    if preprocessing["kind"] == "clip":
        batch = batch - batch.mean(dim=1, keepdim=True)
    level = batch.square().mean(dim=1, keepdim=True).sqrt()
    return batch / torch.clamp(level, min=FLOOR)
