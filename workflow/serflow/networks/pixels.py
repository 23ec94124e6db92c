"""The images of a shard at the size that networks see.

The numbers are those of torchvision's ``ImageFolder`` with ``Resize(size)`` and ``Grayscale(1)``,
which decode three equal channels, resize them with Pillow and put them together again. What
``ToTensor()`` and ``Normalize(0.5, 0.5)`` do is done when a batch is loaded, which loses nothing,
because a resized Pillow image is uint8 anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from serflow.sound.images import read_png


class Picture(NamedTuple):
    """An image file: its clip's id and label, and its path."""

    clip: str
    label: str
    path: Path


def pictures(root: str | Path, shard: str, labels: Sequence[str]) -> list[Picture]:
    """List the images of a shard, sorted by clip.

    Parameters
    ----------
    root
        Folder that holds ``<Label>/<shard>/<clip>.png``; a clip's name may have folders.
    shard
        Name of the shard.
    labels
        Names of the label folders. Other folders, which a corpus may have left behind that had
        other labels, are passed over.
    """
    found = []
    for label in labels:
        folder = Path(root, label, shard)
        for path in folder.rglob("*.png"):
            clip = path.relative_to(folder).with_suffix("").as_posix()
            found.append(Picture(clip, label, path))
    return sorted(found)


def resized(path: str | Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Read an image and resize it.

    Parameters
    ----------
    path
        A grey PNG; row 0 is the lowest mel band.
    size
        Height and width in pixels.

    Returns
    -------
    array of shape `size`, uint8
    """
    return fitted(read_png(path), size)


def fitted(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Resize grey values of shape (height, width) to `size`, as `resized` does those of a file."""
    height, width = size
    picture = Image.fromarray(image)
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))
