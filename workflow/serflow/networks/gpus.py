"""Which of a machine's GPUs a training takes.

Snakemake counts GPUs (`--resources gpu=2`) and gives no numbers, so the jobs of one machine settle
it among themselves: each holds the lock of its GPU until it ends, however it ends. Under Slurm a
job sees only what it was given, and there is nothing to settle.
"""

from __future__ import annotations

import fcntl
import functools
import itertools
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

_held: list[IO[str]] = []
"""Open for as long as the process lives: the locks go with it."""


@functools.cache
def mine(count: int) -> int:
    """Return the index of this process' GPU among the `count` that torch sees.

    One that no other training of this user has; where each is taken already, one of those with the
    fewest trainings.
    """
    if count < 2:
        return 0
    return take(names(count), Path(tempfile.gettempdir(), f"serflow-gpus-{os.getuid()}"))


def names(count: int) -> list[str]:
    """Return what tells each GPU from the others on this machine, in torch's order.

    CUDA numbers those of CUDA_VISIBLE_DEVICES from 0, so two processes may mean different GPUs by
    one number.
    """
    visible = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")]
    visible = [name for name in visible if name]
    return visible[:count] if len(visible) >= count else [str(number) for number in range(count)]


def take(gpus: Sequence[str], folder: Path) -> int:
    """Take a GPU until the process ends, and return its index among `gpus`.

    Parameters
    ----------
    gpus
        Their names.
    folder
        Of the locks, shared by all that are to settle it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for turn in itertools.count():
        for index, name in enumerate(gpus):
            lock = folder.joinpath(f"{quote(name, safe='')}.{turn}").open("w", encoding="utf-8")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
            else:
                _held.append(lock)
                return index
    raise AssertionError("there is always one turn more")
