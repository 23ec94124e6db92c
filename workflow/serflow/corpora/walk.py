"""Finding WAV files below a folder, the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from serflow.errors import UserError


def require_folder(path: str | Path, key: str) -> Path:
    """Return `path` as a folder, or raise `UserError` that names the configuration's `key`."""
    folder = Path(path)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise UserError(
            f"`{key}`: {path} {what}; wanted is the folder that holds the recordings "
            "(relative paths start where snakemake was called)"
        )
    return folder


def wav_files(folder: Path) -> Iterator[str]:
    """Yield the path of each WAV file below `folder`, relative to it, in sorted order.

    Hidden files and folders are left out (macOS leaves ``._name.wav`` files that hold no sound).
    """
    yield from sorted(_walk(folder, ""))


def _walk(folder: Path | str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            elif entry.name.lower().endswith(".wav"):
                yield prefix + entry.name


def clip_name(path: str) -> str:
    """Return the clip's name: its path without the suffix, with no way out of a folder."""
    pure = PurePosixPath(path.replace("\\", "/"))
    parts = [part for part in pure.with_suffix("").parts if part not in ("/", "..", ".")]
    return "/".join(parts)
