"""One switch for repeatable torch, and the choice of the device."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch

from serflow.errors import UserError
from serflow.networks import gpus


class Draws(NamedTuple):
    """Generators of what a training draws itself, beside torch's global ones.

    Attributes
    ----------
    order
        Of the clips' order; on the CPU.
    augmentation
        On the device, so that no draw has to be copied there; on the CPU the same as `order`.
    """

    order: torch.Generator
    augmentation: torch.Generator

    def state(self) -> dict[str, Any]:
        """Return the state of these and of torch's global generators, which dropout draws from."""
        state = {"order": self.order.get_state(), "global": torch.get_rng_state()}
        if self.augmentation.device.type == "cuda":
            state["augmentation"] = self.augmentation.get_state()
            state["device"] = torch.cuda.get_rng_state(self.augmentation.device)
        return state

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.order.set_state(state["order"])
        torch.set_rng_state(state["global"])
        if self.augmentation.device.type == "cuda":
            self.augmentation.set_state(state["augmentation"])
            torch.cuda.set_rng_state(state["device"], self.augmentation.device)


def choose_device(name: str) -> torch.device:
    """Return the device for a configured name.

    Parameters
    ----------
    name
        ``"auto"`` (a GPU when there is one), ``"cpu"`` or ``"cuda"``. Of several GPUs it is one
        that no other training has, and stays this process' own.

    Raises
    ------
    UserError
        If ``"cuda"`` is asked for and torch sees no GPU, or the name is none of the three.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise UserError(f"device is {name!r}; it has to be auto, cpu or cuda")
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise UserError(
            "device is cuda, but torch sees no GPU; set device to auto or cpu, or run where "
            "`python -c 'import torch; print(torch.cuda.is_available())'` prints True"
        )
    if name == "cpu" or not available:
        return torch.device("cpu")
    return torch.device("cuda", gpus.mine(torch.cuda.device_count()))


def make_repeatable(seed: int, threads: int, device: torch.device) -> Draws:
    """Fix torch's seeds, thread number and algorithms; return the generators of the training.

    On one CPU with the same number of threads everything after this call repeats bit for bit.  On a
    GPU a few backward passes have no deterministic kernel; those warn, and the rest is repeatable.
    """
    # cuBLAS reads this when its first handle is made.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
    # Else every fresh tensor is filled with NaN first, which costs time and guards nothing here.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    if device.type == "cpu":
        return Draws(order, order)
    # Else some of torch's own work would go to the first GPU, whichever is this process'.
    torch.cuda.set_device(device)
    return Draws(order, torch.Generator(device).manual_seed(seed))
