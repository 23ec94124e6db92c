"""One switch for repeatable torch, and the choice of the device."""

from __future__ import annotations

import os

import torch

from serflow.errors import UserError


def choose_device(name: str) -> torch.device:
    """Return the device for a configured name.

    Parameters
    ----------
    name
        ``"auto"`` (the GPU when there is one), ``"cpu"`` or ``"cuda"``.

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
    return torch.device("cuda" if available and name != "cpu" else "cpu")


def make_repeatable(seed: int, threads: int, device: torch.device) -> torch.Generator:
    """Fix torch's seeds, thread number and algorithms; return a CPU generator for drawing batches.

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
    return torch.Generator().manual_seed(seed)
