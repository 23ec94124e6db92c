"""A shard's images at the size that networks see."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from serflow.errors import UserError
from serflow.networks import normalisation
from serflow.networks.pixels import pictures, resized
from serflow.networks.vision import datasets, transforms

LABELS = ["Sad", "Angry", "Calm"]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    draw = np.random.default_rng(0)
    for name in (
        "Sad/00/b/2",
        "Sad/00/a.1",
        "Angry/00/b/1",
        "Angry/01/z",
        "Calm/01/y",
    ):
        path = tmp_path / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), draw.integers(0, 256, (340, 200), np.uint8))
    return tmp_path


def test_shard_holds_its_clips_only_sorted_by_clip(images: Path) -> None:
    found = pictures(images, "00", LABELS)
    assert [picture.clip for picture in found] == ["a.1", "b/1", "b/2"]
    assert [picture.label for picture in found] == ["Sad", "Angry", "Sad"]
    assert [picture.path for picture in found] == [
        images / name for name in ("Sad/00/a.1.png", "Angry/00/b/1.png", "Sad/00/b/2.png")
    ]
    assert pictures(images, "no such shard", LABELS) == []


def test_a_label_folder_left_behind_is_passed_over(images: Path) -> None:
    left = images / "Zed" / "00" / "old.png"
    left.parent.mkdir(parents=True)
    cv2.imwrite(str(left), np.zeros((340, 200), np.uint8))
    assert "Zed" not in [picture.label for picture in pictures(images, "00", LABELS)]


@pytest.mark.parametrize("size", [(150, 50), (340, 200), (400, 30), (7, 201)])
def test_nothing_is_lost_of_the_sheets_transforms(images: Path, size: tuple[int, int]) -> None:
    chain = transforms.Compose(
        [
            transforms.Resize(size),
            transforms.Grayscale(1),
            transforms.ToTensor(),
            transforms.Normalize(0.5, 0.5),
        ]
    )
    expected = {path: image for (path, _), (image, _) in _both(datasets.ImageFolder(images, chain))}
    assert len(expected) == 5
    for path, image in expected.items():
        pixels = resized(path, size)
        assert pixels.shape == size
        assert pixels.dtype == np.uint8
        batch = torch.from_numpy(pixels[None].astype(np.float32))
        preprocessing = normalisation.fit("image", batch, np.arange(1))
        assert torch.equal(normalisation.apply(batch, preprocessing), image)


def _both(folder: datasets.ImageFolder) -> zip:
    return zip(folder.samples, folder, strict=True)


def test_a_damaged_image_is_told(images: Path) -> None:
    damaged = images / "Sad" / "00" / "a.1.png"
    damaged.write_bytes(b"no image")
    with pytest.raises(UserError, match=r"a\.1\.png"):
        resized(damaged, (30, 10))
