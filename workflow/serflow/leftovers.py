"""Temporary files beside a result, and what killed processes have left of them.

Whoever writes holds a lock on its temporary file, which ends with the process, however it ends. A
file that nobody holds is a left-over. Locks do not reach other machines on every shared file
system, so one that was made elsewhere has to be a day old as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = ".part-"
DAY = 86_400.0
"""Seconds after which a file that another machine has left is nobody's."""
_TRIES = 100

_swept: set[Path] = set()


def begin(path: Path) -> tuple[int, Path]:
    """Make a temporary file for `path`, and its folder, and hold it.

    The first time in a process, left-overs in the folder are deleted.

    Returns
    -------
    int
        Descriptor that holds the file until it is closed.
    Path
        The file, in the same folder and with the same suffix.

    Raises
    ------
    OSError
        If the folder or the file cannot be made.
    """
    for left in reversed(range(_TRIES)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep_once(path.parent)
            descriptor, name = tempfile.mkstemp(
                dir=path.parent, prefix=f"{PREFIX}{_machine()}-", suffix=path.suffix
            )
        except (FileNotFoundError, FileExistsError):
            # Whose last file was in this folder may delete it at this very moment.
            if not left:
                raise
            continue
        if _held(descriptor, name):
            return descriptor, Path(name)
        # Another process swept the folder between the two lines above.
        os.close(descriptor)
        Path(name).unlink(missing_ok=True)
    raise FileNotFoundError(f"{path}: the temporary file beside it was deleted {_TRIES} times")


def sweep(folder: Path) -> None:
    """Delete the temporary files in `folder` that nobody writes."""
    with suppress(FileNotFoundError):
        for path in folder.glob(f"{PREFIX}*"):
            # Gone by now, or not ours.
            with suppress(OSError):
                _delete_left(path)


def _sweep_once(folder: Path) -> None:
    # Once: a folder of 100,000 images is not listed 100,000 times.
    place = folder.absolute()
    if place not in _swept:
        _swept.add(place)
        sweep(folder)


def _delete_left(path: Path) -> None:
    """Delete a temporary file that nobody holds; OSError where somebody does."""
    here = path.name.startswith(f"{PREFIX}{_machine()}-")
    if not here and time.time() - path.stat().st_mtime < DAY:
        return
    # For writing too: NFS locks nothing that is only read.
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # While it is held, so that nobody who makes it just now believes to have it.
        path.unlink()
    finally:
        os.close(descriptor)


def _held(descriptor: int, name: str) -> bool:
    """Lock a file that was just made; tell whether it is still there."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Where nothing can be locked nothing is swept either.
        return True
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(name))
    except FileNotFoundError:
        return False


def _machine() -> str:
    return hashlib.sha256(os.uname().nodename.encode()).hexdigest()[:8]
