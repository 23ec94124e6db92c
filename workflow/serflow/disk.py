"""What a disk refuses, told in words: it is full, or must not be written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from serflow.errors import UserError

AGAIN = "then give the same command again: what is finished stays finished"
_FULL = f"make room there (`df -h`), {AGAIN}"
_REMEDIES = {
    errno.ENOSPC: ("the disk is full", _FULL),
    errno.EDQUOT: ("your quota on this disk is used up", f"make room there (`quota`), {AGAIN}"),
    errno.EROFS: ("the disk can only be read", f"make it writable, {AGAIN}"),
    errno.EACCES: ("permission is denied", f"let your user write there, {AGAIN}"),
    errno.EPERM: ("permission is denied", f"let your user write there, {AGAIN}"),
}
# Said of reading as well, so they count only where the file is known to be written.
_AMBIGUOUS = (errno.EACCES, errno.EPERM)
_BLOCK = 65_536


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Tell what the disk refuses of the work in this block, which writes `path`.

    Raises
    ------
    UserError
        If the disk is full, a quota used up, or nothing may be written there.
    """
    path = Path(path)
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        number = _refusal(error, path.parent)
        if number is None:
            raise
        raise UserError(_words(number, path)) from error


def told(error: OSError) -> str | None:
    """Return in words what a disk refused somewhere in a job; None if it was something else."""
    if error.errno not in _REMEDIES:
        return None
    path = Path(os.fsdecode(error.filename)) if error.filename else None
    if error.errno in _AMBIGUOUS:
        refused = f"{path}: permission is denied"
        return f"{refused}; let your user read inputs and write outputs, {AGAIN}" if path else None
    return _words(error.errno, path)


def misplaced(folders: Iterable[str | Path]) -> str | None:
    """Return in words why one of `folders` cannot be a folder, whoever may write there.

    Snakemake ends with a traceback where a file stands in a folder's place, and makes folders anew
    for a link whose disk is not there.

    Returns
    -------
    str or None
        None if each is a folder, a link to one, or not there yet.
    """
    for folder in map(Path, folders):
        places = (folder, *folder.absolute().parents)
        # The first thing that has the name, also where it leads nowhere.
        place = next(place for place in places if os.path.lexists(place))
        if os.path.isdir(place):
            continue
        if os.path.islink(place) and not os.path.exists(place):
            return (
                f"{folder} cannot be written: {place} is a link to {os.readlink(place)}, which is "
                "not there; mount the disk or make the folder that it leads to, or delete the link"
            )
        return (
            f"{folder} cannot be written: {place} is there, but is no folder; move it away, so "
            "that the folder can be made"
        )
    return None


def refusal(folders: Iterable[str | Path]) -> str | None:
    """Return in words why one of `folders`, or what it would be made in, cannot be written.

    None if all of them can. How much room there is, is another matter.
    """
    wanted = [Path(folder) for folder in folders]
    obstacle = misplaced(wanted)
    if obstacle:
        return obstacle
    for folder in wanted:
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            read_only = os.statvfs(there).f_flag & os.ST_RDONLY
            return _words(errno.EROFS if read_only else errno.EACCES, folder)
    return None


def _words(number: int, path: Path | None) -> str:
    reason, remedy = _REMEDIES[number]
    subject = "an output" if path is None else str(path)
    place = "" if path is None else f" ({path.parent.resolve()})"
    return f"{subject} cannot be written: {reason}{place}; {remedy}"


def _refusal(error: Exception, folder: Path) -> int | None:
    """Return the number of what the disk refused; None if the error is another one."""
    if isinstance(error, OSError) and error.errno is not None:
        if error.errno not in _REMEDIES:
            return None
        if error.errno in _AMBIGUOUS and error.filename:
            # A recording may be read within the block.
            refused = Path(os.fsdecode(error.filename))
            if refused.parent != folder and refused not in (folder, *folder.parents):
                return None
        return error.errno
    # Libraries in C and Rust leave the number out; safetensors tells its words.
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        if os.strerror(number) in str(error):
            return number
    # numpy tells only that less was written than it wanted.
    with suppress(OSError):
        room = os.statvfs(folder)
        if isinstance(error, OSError) and room.f_bavail * room.f_frsize < _BLOCK:
            return errno.ENOSPC
    return None
