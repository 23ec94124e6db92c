"""torchvision, made importable, and the images of one shard as small grey arrays.

Import `transforms` and `ImageFolder` from here, never torchvision directly: its wheel from PyPI is
built against the CUDA torch, so beside a CPU torch its C++ library does not load and ``import
torchvision`` fails for want of two operators that SERflow never calls.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import torch

_declared: list[torch.library.Library] = []


def _declare_missing_operators() -> None:
    """Declare the operators that torchvision's Python code annotates, if its library fails."""
    if "torchvision" in sys.modules:
        return
    spec = importlib.util.find_spec("torchvision")
    folders = spec.submodule_search_locations if spec else None
    for library in sorted(Path((folders or [""])[0]).glob("_C.*")):
        try:
            torch.ops.load_library(library)  # type: ignore[no-untyped-call]
            return
        except OSError:
            continue
    namespace = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        schema = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        namespace.define(schema)  # type: ignore[no-untyped-call]
    _declared.append(namespace)


_declare_missing_operators()

from torchvision import datasets, transforms  # noqa: E402
from torchvision.transforms import functional  # noqa: E402

__all__ = ["ShardFolder", "functional", "shard_pixels", "transforms"]


class ShardFolder(datasets.ImageFolder):  # type: ignore[misc]
    """`torchvision.datasets.ImageFolder` that reads one shard of the tree ``<Label>/<shard>/**``.

    Parameters
    ----------
    root
        The folder of the label folders.
    shard
        Name of the shard's folder inside each label folder.
    labels
        Names of the label folders, which are the classes, also those without a clip in this shard.
        Other folders, which a corpus may have left behind that had other labels, are passed over.
    transform
        As for `ImageFolder`.
    """

    def __init__(
        self,
        root: str | Path,
        shard: str,
        labels: Sequence[str],
        transform: transforms.Compose | None = None,
    ) -> None:
        self.shard = shard
        self.labels = sorted(labels)
        super().__init__(str(root), transform=transform, allow_empty=True)

    def find_classes(self, directory: str | Path) -> tuple[list[str], dict[str, int]]:
        """Return the classes and their indices, in alphabetical order."""
        return self.labels, {label: index for index, label in enumerate(self.labels)}

    def make_dataset(
        self, directory: str, class_to_idx: dict[str, int], **options: object
    ) -> list[tuple[str, int]]:
        """List ``(path, class index)`` of the shard's images only."""
        samples: list[tuple[str, int]] = []
        for label, index in class_to_idx.items():
            folder = Path(directory, label, self.shard)
            samples += [(str(path), index) for path in sorted(folder.rglob("*.png"))]
        return samples

    def clip(self, index: int) -> str:
        """Return the id of a clip: its path below the shard's folder, POSIX, without suffix."""
        path, label = self.samples[index]
        below = Path(path).relative_to(Path(self.root, self.classes[label], self.shard))
        return str(PurePosixPath(below).with_suffix(""))


def shard_pixels(
    images_root: str | Path, shard: str, labels: Sequence[str], size: tuple[int, int] = (150, 50)
) -> tuple[list[str], list[str], np.ndarray]:
    """Decode a shard's images once, at the size that the network sees.

    ``Resize(size)`` and ``Grayscale(1)`` of the laboratory sheet are applied here; its
    ``ToTensor()`` and ``Normalize(0.5, 0.5)`` when a batch is loaded, which loses nothing because a
    resized PIL image is uint8 anyway.

    Parameters
    ----------
    images_root
        Folder that holds ``<Label>/<shard>/<clip>.png``.
    shard
        Name of the shard.
    labels
        Names of the label folders.
    size
        Height and width in pixels.

    Returns
    -------
    clips : list of str
        Clip ids, sorted.
    labels : list of str
        The clips' labels, in the same order.
    pixels : numpy.ndarray
        uint8, ``(clips, height, width)``; row 0 is the lowest mel band.
    """
    height, width = size
    pipeline = transforms.Compose([transforms.Resize((height, width)), transforms.Grayscale(1)])
    folder = ShardFolder(images_root, shard, labels, pipeline)
    order = sorted(range(len(folder)), key=folder.clip)
    pixels = np.empty((len(order), height, width), np.uint8)
    for row, index in enumerate(order):
        pixels[row] = np.asarray(folder[index][0])
    of_clips = [folder.classes[folder.targets[index]] for index in order]
    return [folder.clip(index) for index in order], of_clips, pixels
