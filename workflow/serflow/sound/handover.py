"""Images that the job of the mel spectrograms leaves for the job of the images.

Both come from the same transform of a clip, but stand in two rules, because a changed key of the
images must not make the features stale. The job that comes first leaves the other's images here, as
one array a shard; the other one takes them, or makes them itself where there are none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import rowfiles


def place(folder: str | Path, shard: str, made_from: Mapping[str, Any]) -> Path:
    """Return where the images of a shard lie until they are taken.

    Parameters
    ----------
    folder
        Of all shards.
    shard
        Name of the shard.
    made_from
        All that the images depend on: settings, clips, code. The path changes with any of it, so
        that no image is taken that would be made differently now.
    """
    text = json.dumps(made_from, sort_keys=True)
    return Path(folder, f"{shard}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.npy")


def leaving(
    path: Path, clips: int, shape: tuple[int, int]
) -> AbstractContextManager[Callable[[NDArray[np.uint8]], None]]:
    """Give a function that leaves one more image, of ``(height, width)``, at `path`."""
    return rowfiles.writing(path, clips, shape, np.uint8)


def take(path: Path) -> Iterator[NDArray[np.uint8]] | None:
    """Return the images left at `path`, one after the other, if there are any."""
    return rowfiles.reading(path) if path.exists() else None


def clear(path: Path) -> None:
    """Delete all that was ever left for the shard of `path`."""
    shard = path.stem.rpartition("-")[0]
    for left in path.parent.glob(f"{shard}-*.npy"):
        left.unlink(missing_ok=True)
