"""Unpacking a ZIP archive that may be hostile: whole or not at all, nothing outside its folder."""

from __future__ import annotations

import errno
import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from serflow.errors import UserError

_BLOCK = 1 << 20

# What zipfile raises on damaged archives; offsets that make no sense come as OSError or ValueError.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)

# Small files of one repeated byte are packed very tightly without being bombs.
_RATIO_COUNTS_FROM = 1 << 20


def unpack(
    zip_path: str | Path,
    folder: str | Path,
    wanted: Callable[[str], bool] | None = None,
    max_bytes: int = 4 << 30,
    max_ratio: float = 200.0,
) -> list[Path]:
    """Unpack the files of a ZIP archive into `folder`, whole or not at all.

    They are unpacked into a hidden folder beside it, which takes the folder's name at the end. What
    an interrupted call left is cleared away by the next one. A `folder` from an earlier call is
    replaced; one that holds anything not from this archive is not touched.

    Every member is checked, wanted or not: an archive with one hostile member deserves no trust.

    Parameters
    ----------
    zip_path
        The archive.
    folder
        Where its content goes.
    wanted
        Tells of a member's name (POSIX, relative) whether to unpack it; all files if not given.
    max_bytes
        Largest sum of the unpacked sizes that the archive may declare.
    max_ratio
        Largest ratio of unpacked to packed size of a member of a megabyte or more.

    Returns
    -------
    list of Path
        The files, in `folder`, sorted.

    Raises
    ------
    UserError
        If the archive is missing or damaged, a member is hostile (absolute path, drive letter,
        ``..``, link, device, too large), nothing in it is wanted, or `folder` holds other files.
    """
    zip_path, folder = Path(zip_path), Path(folder)
    part = folder.with_name(f".{folder.name}.unpacking")
    old = folder.with_name(f".{folder.name}.replaced")
    for left in (part, old):
        shutil.rmtree(left, ignore_errors=True)
    try:
        with zipfile.ZipFile(zip_path) as archive:
            members = _checked(zip_path, archive, max_bytes, max_ratio)
            _refuse_foreign(folder, members)
            chosen = {name: info for name, info in members.items() if not wanted or wanted(name)}
            if not chosen:
                raise UserError(f"{zip_path}: none of its {len(members)} files is wanted")
            _check_space(folder, sum(info.file_size for info in chosen.values()))
            for name, info in chosen.items():
                _extract(archive, info, part / name)
    except FileNotFoundError as error:
        raise UserError(f"{error.filename or zip_path}: no such file") from error
    except _DAMAGE as error:
        # Other errors of the system, such as a full disk, are not the archive's fault.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise UserError(
            f"{zip_path}: the archive is damaged ({error}); delete it and fetch it again"
        ) from error
    else:
        _put_in_place(part, folder, old)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sorted(folder / name for name in chosen)


def _checked(
    zip_path: Path, archive: zipfile.ZipFile, max_bytes: int, max_ratio: float
) -> dict[str, zipfile.ZipInfo]:
    """Return the archive's files by normalized name; a hostile member raises `UserError`."""

    def refuse(info: zipfile.ZipInfo, reason: str) -> UserError:
        return UserError(
            f"{zip_path}: refused, because its member {info.orig_filename!r} {reason}; "
            "nothing was unpacked. Get the archive from its publisher"
        )

    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        if reason := _hostile(info, max_ratio):
            raise refuse(info, reason)
        total += info.file_size
        if total > max_bytes:
            raise refuse(info, f"brings the unpacked size to more than {max_bytes} bytes")
        if not info.is_dir():
            name = str(PurePosixPath(info.filename))
            if name in members:
                raise refuse(info, "is there twice")
            members[name] = info
    for name, info in members.items():
        if any(str(above) in members for above in PurePosixPath(name).parents):
            raise refuse(info, "lies in a folder that is a file too")
    return members


def _hostile(info: zipfile.ZipInfo, max_ratio: float) -> str:
    """Return what is wrong with a member, empty if nothing is."""
    # ZipInfo cuts the name at a null character; the name as it was stored is what counts.
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if "\0" in name or "\\" in name:
        return "has a null character or a backslash in its name"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "has an absolute path"
    if ".." in name.split("/"):
        return "has a path that leads out of the folder"
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is neither a file nor a folder"
    if info.flag_bits & 1:
        return "is encrypted"
    packed = max(1, info.compress_size)
    if info.file_size >= _RATIO_COUNTS_FROM and info.file_size / packed > max_ratio:
        return f"unpacks to {info.file_size / packed:.0f} times its size, as only bombs do"
    return ""


def _refuse_foreign(folder: Path, members: dict[str, zipfile.ZipInfo]) -> None:
    for name in _files(folder):
        if name not in members:
            raise UserError(
                f"{folder}: the archive is to be unpacked here, and the folder holds {name}, which "
                "is not from it; name another folder, or move what is in it elsewhere"
            )


def _files(folder: Path) -> Iterator[str]:
    """Yield everything in `folder` that is not a folder, as POSIX paths relative to it."""
    if folder.is_file() or folder.is_symlink():
        raise UserError(f"{folder}: wanted is a folder of its own, not a file or a link")
    for above, _, names in os.walk(folder):
        for name in names:
            yield Path(above, name).relative_to(folder).as_posix()


def _check_space(folder: Path, wanted: int) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if free < wanted:
        raise UserError(
            f"{folder}: the archive unpacks to {wanted / 1e6:.0f} MB and the disk has "
            f"{free / 1e6:.0f} MB free; make room, or name a folder on another disk"
        )


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    """Write one member with the date that the archive gives it, read as UTC."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # zipfile stops at the declared size and checks the CRC there, so a false size cannot flood the
    # disk.
    with archive.open(info) as source, path.open("xb") as sink:
        shutil.copyfileobj(source, sink, _BLOCK)
    try:
        moment = datetime(*info.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        moment = datetime(1980, 1, 1, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


def _put_in_place(part: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        os.replace(folder, old)
    os.replace(part, folder)
    shutil.rmtree(old, ignore_errors=True)
