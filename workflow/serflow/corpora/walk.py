"""Finding WAV files below a folder, the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from serflow.errors import UserError, shown


class _Folder(NamedTuple):
    path: str
    prefix: str
    above: frozenset[tuple[int, int]]


def require_folder(path: str | Path, key: str) -> Path:
    """Return `path` as a folder, or raise `UserError` that names the configuration's `key`."""
    folder = Path(path)
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise UserError(
            f"`{key}`: {path} {what}; wanted is the folder that holds the recordings "
            "(relative paths start where snakemake was called)"
        )
    return folder


def wav_files(folder: str | Path, key: str) -> list[str]:
    """Return the path of each WAV file below `folder`, relative to it (POSIX), sorted.

    The suffix may be in any case. Hidden files and folders are left out (macOS leaves
    ``._name.wav`` files that hold no sound). Links are followed, but not back to a folder above.

    Raises
    ------
    UserError
        If a folder cannot be read or a name is not UTF-8; it names the configuration's `key`.
    """
    return sorted(_walk(Path(folder), key))


def _walk(root: Path, key: str) -> Iterator[str]:
    waiting = [_Folder(str(root), "", frozenset())]
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder.path)
            # Two links to one folder are two folders; a link back to a folder above would never
            # end.
            if (status.st_dev, status.st_ino) in folder.above:
                continue
            above = folder.above | {(status.st_dev, status.st_ino)}
            with os.scandir(folder.path) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    name = folder.prefix + entry.name
                    if entry.is_dir():
                        waiting.append(_Folder(entry.path, f"{name}/", above))
                    elif entry.name.lower().endswith(".wav"):
                        yield _utf8(name, key)
        except OSError as error:
            # A link in the folder may be what fails: one that leads to itself.
            where = shown(error.filename or folder.path)
            raise UserError(
                f"`{key}`: {where} cannot be read ({error.strerror}); "
                "make it readable, or move it out of the corpus"
            ) from None


def _utf8(name: str, key: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        raise UserError(f"`{key}`: the name {name!r} is not UTF-8; rename the file") from None
    return name


def clip_name(path: str) -> str:
    """Return the clip's name: its path without the suffix, with no way out of a folder.

    It is empty where the path names no file (``..``).
    """
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if not parts:
        return ""
    # As `PurePath.with_suffix("")`, which costs a clip more than the rest of its row.
    dot = parts[-1].rfind(".")
    # Dots alone, as they are left of `...wav`, would be a way out.
    if 0 < dot < len(parts[-1]) - 1 and parts[-1][:dot].strip("."):
        parts[-1] = parts[-1][:dot]
    return "/".join(parts)
