"""Temporary files beside a result, and what killed processes have left of them.

Whoever writes holds a lock on its temporary file, which ends with the process, however it ends. A
file that nobody holds is a left-over. Locks do not reach other machines on every shared file
system, so one that was made elsewhere has to be a day old as well.

On SMB a lock keeps out everybody, also the library that opens the very file again to write it. Each
process tries that once in each folder; where it is so, it locks and sweeps nothing there.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

PREFIX = ".part-"
DAY = 86_400.0
"""Seconds after which a file that another machine has left is nobody's."""
_TRIES = 100

# What a full disk says of a write that no lock kept out.
_FULL = (errno.ENOSPC, errno.EDQUOT)
_BOOT = Path("/proc/sys/kernel/random/boot_id")

_swept: set[Path] = set()
# Whether a locked file can be written by its name, by folder.
_writable: dict[Path, bool] = {}


def begin(path: Path) -> tuple[int, Path]:
    """Make a temporary file for `path`, and its folder, and hold it.

    The first time in a process, left-overs in the folder are deleted. Where a locked file could not
    be written, it is not held, and nothing is deleted.

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
            descriptor, name = tempfile.mkstemp(
                dir=path.parent, prefix=f"{PREFIX}{_machine()}-", suffix=path.suffix
            )
        except (FileNotFoundError, FileExistsError):
            # Whose last file was in this folder may delete it at this very moment.
            if not left:
                raise
            continue
        if _held(descriptor, name):
            # Behind the lock, which tells whether one can be had here.
            _sweep_once(path.parent)
            return descriptor, Path(name)
        # Another process swept the folder between the two lines above.
        os.close(descriptor)
        Path(name).unlink(missing_ok=True)
    raise FileNotFoundError(f"{path}: the temporary file beside it was deleted {_TRIES} times")


def sweep(folder: Path) -> None:
    """Delete the temporary files in `folder` that nobody writes; none where nobody can tell."""
    with suppress(OSError):
        found = list(folder.glob(f"{PREFIX}*"))
        if not found or not _locks_tell(folder):
            return
        for path in found:
            # Gone by now, or not ours.
            with suppress(OSError):
                _delete_left(path)


def _locks_tell(folder: Path) -> bool:
    """Tell whether files in `folder` that nobody writes can be known by their locks."""
    if folder.absolute() not in _writable:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=f"{PREFIX}{_machine()}-")
        try:
            _held(descriptor, name)
        finally:
            Path(name).unlink(missing_ok=True)
            os.close(descriptor)
    return _writable.get(folder.absolute(), False)


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
        if not os.path.samestat(os.fstat(descriptor), os.stat(name)):
            return False
        if not _writable_by_name(name):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    except FileNotFoundError:
        return False
    return True


def _writable_by_name(name: str) -> bool:
    """Tell whether a file that was just made and locked can be opened again and written."""
    folder = Path(name).parent.absolute()
    if folder not in _writable:
        try:
            again = os.open(name, os.O_WRONLY)
            try:
                os.pwrite(again, b"\0", 0)
                os.ftruncate(again, 0)
            finally:
                # Some systems tell only now what they did not write.
                os.close(again)
        except FileNotFoundError:
            raise
        except OSError as error:
            _writable[folder] = error.errno in _FULL
        else:
            _writable[folder] = True
    return _writable[folder]


@cache
def _machine() -> str:
    """Return eight digits of this machine since it was started.

    Containers and nodes may all have one name; those of one kernel see each other's locks.
    """
    booted = b""
    with suppress(OSError):
        booted = _BOOT.read_bytes().strip()
    return hashlib.sha256(os.uname().nodename.encode() + b" " + booted).hexdigest()[:8]
