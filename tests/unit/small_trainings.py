"""Tiny trainings, over in a moment, that several tests share."""

from __future__ import annotations

from typing import Any

import numpy as np

from serflow.networks.training import Trained, train

IMAGES: dict[str, Any] = {
    "family": "cnn2d",
    "channels": [4, 8],
    "dropout": 0.1,
    "epochs": 6,
    "batch_size": 8,
    "learning_rate": 0.02,
    "weight_decay": 0.01,
    "optimizer": "adamw",
    "schedule": "one_cycle",
    "label_smoothing": 0.0,
    "mixup": 0.0,
    "class_weights": "none",
    "patience": None,
    "members": 1,
    "augmentation": "noise+time_shift",
    "select": "last",
    "refit": False,
}
SIGNALS = {**IMAGES, "family": "cnn1d", "augmentation": "gain", "normalisation": "training"}
ROLES = np.array((["train"] * 4 + ["validation", "test"]) * 8)


def images() -> tuple[np.ndarray, np.ndarray]:
    """48 images; class 1 is bright in its upper half."""
    labels = np.arange(48) // 6 % 2
    pixels = np.random.default_rng(0).integers(0, 100, (48, 24, 20), dtype=np.uint8)
    pixels[labels == 1, 12:] += 80
    return pixels, labels


def signals() -> tuple[np.ndarray, np.ndarray]:
    """48 signals; class 1 has the higher pitch."""
    labels = np.arange(48) // 6 % 2
    times = np.arange(4000) / 8000
    pitch = np.where(labels == 1, 1200, 200)[:, None]
    noise = np.random.default_rng(0).normal(0, 100, (48, 4000))
    return (2000 * np.sin(2 * np.pi * pitch * times) + noise).astype(np.float32), labels


def run(settings: dict[str, Any], seed: int = 0, **changes: Any) -> tuple[Trained, list[dict]]:
    inputs, labels = images() if settings["family"] == "cnn2d" else signals()
    rows: list[dict] = []
    given = {"inputs": inputs, "labels": labels, "roles": ROLES, "device": "cpu", **changes}
    trained = train(
        classes=["Calm", "Sad"], settings=settings, seed=seed, on_epoch=rows.append, **given
    )
    return trained, rows


def weights(trained: Trained) -> dict[str, bytes]:
    """Return the bytes of all weights, by name."""
    state = trained.network.module.state_dict()
    return {name: values.numpy().tobytes() for name, values in state.items()}
