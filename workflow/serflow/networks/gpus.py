"""Which of a machine's GPUs a training takes.

Snakemake counts GPUs (`--resources gpu=2`) and gives no numbers, so the jobs of one machine settle
it among themselves: each holds a lock of its GPU until it ends, however it ends. Under Slurm a job
sees only what it was given, and there is nothing to settle.
"""

from __future__ import annotations

import fcntl
import functools
import itertools
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from serflow.process import log

_held: list[int] = []
"""File descriptors, open for as long as the process lives: the locks go with it."""


@functools.cache
def mine(count: int) -> int:
    """Return the index of this process' GPU among the `count` that torch sees.

    One with the fewest trainings of this user, so one without any while there is one.
    """
    folder = Path(tempfile.gettempdir(), f"serflow-gpus-{os.getuid()}")
    try:
        return take(names(count), folder)
    except OSError as error:
        log.warning("trainings cannot share the GPUs out, all take the first: %s", error)
        return 0


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
        Of the locks, shared by all that are to settle it; made where it is not there.

    Raises
    ------
    OSError
        If the folder is not this user's alone, or cannot be written to.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    # It lies where everybody writes: somebody else's may hold links to files of this user.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    with _settling(folder):
        trainings = [_trainings(folder, name) for name in gpus]
        index = trainings.index(min(trainings))
        for turn in itertools.count():
            lock = _open(_slot(folder, gpus[index], turn))
            if _locked(lock):
                _held.append(lock)
                return index
            os.close(lock)
    raise AssertionError("there is always one turn more")


@contextmanager
def _settling(folder: Path) -> Iterator[None]:
    """Let one process at a time choose."""
    lock = _open(folder / "settling")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _trainings(folder: Path, name: str) -> int:
    """Count the trainings that have a GPU: its locks that cannot be had."""
    held = 0
    for path in folder.glob(f"{_slot(folder, name, 0).stem}.*"):
        lock = _open(path)
        held += not _locked(lock)
        os.close(lock)
    return held


def _slot(folder: Path, name: str, turn: int) -> Path:
    # MIG devices have slashes in their names; a dot ends the name.
    return folder / f"gpu-{quote(name, safe='').replace('.', '%2E')}.{turn}"


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
