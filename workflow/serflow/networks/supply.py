"""Batches on the device: read from the stored arrays, or taken from a copy that lies there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from serflow.networks.modelfile import Clips, load_batch

RESIDENT_SHARE = 0.5
"""Largest share of the device's free memory that clips may take; the network needs the rest."""
CHUNK = 64
"""Clips that are copied to the device at a time."""


class Supply(Protocol):
    """Where a training gets its batches from.

    Clips are chosen by an index tensor that `refer` makes of row numbers, once an epoch; pieces of
    it then go to `batch` and `truth`.
    """

    def refer(self, rows: np.ndarray, /) -> Tensor:
        """Return what stands for `rows`, int64 ``(clips,)``, where `batch` needs it."""

    def batch(self, chosen: Tensor, /) -> Tensor:
        """Return clips on their raw scale, float32 ``(clips, …)``, on the device."""

    def truth(self, chosen: Tensor, /) -> Tensor:
        """Return class indices, int64, or numbers, float32, ``(clips,)``, on the device."""


@dataclass
class Streamed:
    """Reads each batch from the stored arrays, whatever their size.

    Attributes
    ----------
    inputs
        Raw clips, ``(clips, …)``.
    labels
        Class index of each clip, int64, or its number, float32, ``(clips,)``, on the CPU.
    device
        Where batches go.
    """

    inputs: Clips
    labels: Tensor
    device: torch.device

    def refer(self, rows: np.ndarray) -> Tensor:
        return torch.from_numpy(rows)

    def batch(self, chosen: Tensor) -> Tensor:
        return load_batch(self.inputs, chosen.numpy(), self.device)

    def truth(self, chosen: Tensor) -> Tensor:
        return self.labels[chosen].to(self.device)


class Resident:
    """Keeps clips on the device, as they are stored, so that no batch has to be copied there.

    Parameters
    ----------
    inputs
        Raw clips, ``(clips, …)``.
    labels
        Class index of each clip, int64, or its number, float32, ``(clips,)``, on the CPU.
    rows
        The clips that will be asked for; only these are copied.
    device
        Where they go.
    """

    def __init__(
        self, inputs: Clips, labels: Tensor, rows: np.ndarray, device: torch.device
    ) -> None:
        kind = torch.from_numpy(inputs[rows[:1]]).dtype
        self._clips = torch.empty((len(rows), *inputs.shape[1:]), dtype=kind, device=device)
        for start in range(0, len(rows), CHUNK):
            chunk = torch.from_numpy(inputs[rows[start : start + CHUNK]])
            self._clips[start : start + CHUNK] = chunk.to(device)
        self._labels = labels[rows].to(device)
        self._places = np.full(inputs.shape[0], -1)
        self._places[rows] = np.arange(len(rows))

    def refer(self, rows: np.ndarray) -> Tensor:
        return torch.from_numpy(self._places[rows]).to(self._labels.device)

    def batch(self, chosen: Tensor) -> Tensor:
        return self._clips[chosen].float()

    def truth(self, chosen: Tensor) -> Tensor:
        return self._labels[chosen]


def supply(inputs: Clips, labels: Tensor, rows: np.ndarray, device: torch.device) -> Supply:
    """Keep the clips of `rows` on a GPU where there is room; else read batch by batch.

    Parameters
    ----------
    inputs, labels, rows, device
        As `Resident` takes them.
    """
    needed = len(rows) * inputs[rows[:1]].nbytes
    if fits(needed, free_bytes(device)):
        return Resident(inputs, labels, rows, device)
    return Streamed(inputs, labels, device)


def fits(needed: int, free: int) -> bool:
    """Tell whether `needed` bytes leave enough of `free` bytes to the network."""
    return needed <= RESIDENT_SHARE * free


def free_bytes(device: torch.device) -> int:
    """Return the free memory of a GPU; none for the CPU, where stored arrays lie near enough."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else 0
