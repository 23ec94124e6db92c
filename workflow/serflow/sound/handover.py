"""Images that the job of a shard's mel spectrograms leaves for the job of its images.

Both come from the same transform of a clip, but stand in two rules, because a changed key of the
images must not make the features stale. Beside the images a line tells for which of them the job of
the images has begun, so that none are left that nobody would take.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import rowfiles
from serflow.files import write_text

Image = NDArray[np.uint8]


def place(folder: str | Path, shard: str, made_from: Mapping[str, Any]) -> Path:
    """Return where the images of a shard lie until they are taken.

    Parameters
    ----------
    folder
        Of all shards.
    shard
        Name of the shard.
    made_from
        Settings, clips and code. The path changes with any of it, so that no image is taken that
        would be made differently now.
    """
    text = json.dumps(made_from, sort_keys=True)
    return Path(folder, f"{shard}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.npy")


def leaving(
    path: Path, clips: int, shape: tuple[int, int]
) -> AbstractContextManager[Callable[[Image], None]]:
    """Give a function that leaves one more image, of ``(height, width)``, at `path`."""
    return rowfiles.writing(path, clips, shape, np.uint8)


def begun(path: Path) -> bool:
    """Tell whether the job of the images has begun with those of `path`, by `take`."""
    try:
        return _line(path).read_text(encoding="utf-8").strip() == path.name
    except FileNotFoundError:
        return False


def take(
    path: Path, clips: int, shape: tuple[int, int], made_of: Iterable[str | Path] = ()
) -> Iterator[Image] | None:
    """Note that the job of the images begins, and return the images left at `path`.

    Parameters
    ----------
    path
        See `place`.
    clips, shape
        How many images there have to be, and their height and width.
    made_of
        Files that the images must not be older than.

    Returns
    -------
    iterator of arrays of `shape`, or None where there are no such images.
    """
    # Before looking: whoever leaves images afterwards finds this line and clears them away.
    write_text(_line(path), f"{path.name}\n")
    try:
        left = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    if any(Path(file).stat().st_mtime_ns > left for file in made_of):
        return None
    return rowfiles.reading(path, clips, shape, np.uint8)


def clear(path: Path) -> None:
    """Delete all that was ever left for the shard of `path`."""
    for left in path.parent.glob(f"{_shard(path)}-*.npy"):
        left.unlink(missing_ok=True)


def _shard(path: Path) -> str:
    return path.stem.partition("-")[0]


def _line(path: Path) -> Path:
    return path.with_name(f"{_shard(path)}.txt")
