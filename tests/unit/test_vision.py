"""torchvision beside a CPU torch, and a shard's images."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from serflow.networks import normalisation
from serflow.networks.vision import ShardFolder, shard_pixels, transforms

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
    clips, labels, pixels = shard_pixels(images, "00", LABELS, (30, 10))
    assert clips == ["a.1", "b/1", "b/2"]
    assert labels == ["Sad", "Angry", "Sad"]
    assert pixels.shape == (3, 30, 10)
    assert pixels.dtype == np.uint8


def test_classes_are_the_given_labels_and_no_folder_left_behind(images: Path) -> None:
    left = images / "Zed" / "00" / "old.png"
    left.parent.mkdir(parents=True)
    cv2.imwrite(str(left), np.zeros((340, 200), np.uint8))
    assert ShardFolder(images, "00", LABELS).classes == ["Angry", "Calm", "Sad"]
    assert len(ShardFolder(images, "no such shard", LABELS)) == 0
    assert shard_pixels(images, "no such shard", LABELS, (30, 10))[2].shape == (0, 30, 10)
    assert "Zed" not in shard_pixels(images, "00", LABELS, (30, 10))[1]


def test_stored_pixels_lose_nothing_of_the_sheets_transforms(images: Path) -> None:
    chain = transforms.Compose(
        [
            transforms.Resize((150, 50)),
            transforms.Grayscale(1),
            transforms.ToTensor(),
            transforms.Normalize(0.5, 0.5),
        ]
    )
    folder = ShardFolder(images, "00", LABELS, chain)
    by_clip = {folder.clip(i): folder[i][0] for i in range(len(folder))}
    clips, _, pixels = shard_pixels(images, "00", LABELS, (150, 50))
    batch = torch.from_numpy(pixels.astype(np.float32))
    batch = normalisation.apply(batch, normalisation.fit("image", pixels, np.arange(3)))
    for clip, image in zip(clips, batch, strict=True):
        assert torch.equal(image[None], by_clip[clip])


def test_import_works_in_a_fresh_process_before_or_after_torch() -> None:
    code = (
        "from serflow.networks.vision import transforms; import torchvision, torch;"
        "assert hasattr(torch.ops.torchvision, 'nms'); import importlib, serflow.networks.vision;"
        "importlib.reload(serflow.networks.vision)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
