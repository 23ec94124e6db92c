"""Networks trained on changed copies of the sound, one of each kind of input."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from project import CONFIGURATION, Project, rows, synthesize

# One epoch, in which copies that no network can tell from their clips train as the clips do, of
# enough steps that others would not.
SHARED: dict[str, Any] = {"epochs": 1, "batch_size": 4, "copies": 2}
SMALL: dict[str, Any] = {"channels": [4, 8], **SHARED}
MODELS: dict[str, Any] = {
    "cnn1d": {
        **SMALL,
        "family": "cnn1d",
        "rate": None,
        "normalisation": "clip",
        "augmentations": ["none", "sound_gain"],
    },
    "cnn2d": {
        **SMALL,
        "family": "cnn2d",
        "size": [20, 12],
        "augmentations": ["none", "sound_gain"],
    },
    "gru": {
        **SHARED,
        "family": "gru",
        "rate": 8000,
        "n_fft": 256,
        "n_mels": 16,
        "n_mfcc": 6,
        "normalisation": "speaker",
        "augmentations": ["sound_pitch_shift+time_mask+sound_time_stretch"],
    },
}
VIEW = "views/mfcc_8000_256_0.01_16_6"
SHIFTED = f"{VIEW}~pitch_shift+time_stretch"
# Three shards and two copies.
COPIES = {"signal_copies": 12, "pixel_copies": 6, "view_copies": 6}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.make(
        tmp_path_factory.mktemp("copies") / "project", {**CONFIGURATION, "models": MODELS}
    )
    synthesize(project.path("wavs"))
    planned = project.planned(target="models")
    assert {rule: count for rule, count in planned.items() if "copies" in rule} == COPIES
    assert planned["train_network"] == 10
    assert planned["signals"] == 6
    assert planned["views"] == 3
    project.build("models", cores=2)
    return project


def stored(project: Project, folder: str) -> dict[str, np.ndarray]:
    """Return the arrays of a folder by clip."""
    found = {}
    for path in sorted(project.results.glob(f"{folder}/*.tsv")):
        array = np.load(path.with_suffix(".npy"), allow_pickle=False)
        names = [row["clip"] for row in rows(path)]
        found.update(dict(zip(names, array, strict=True)))
    assert len(found) == 36
    return found


def test_signals_are_changed_clip_by_clip(project: Project) -> None:
    clips = stored(project, "signals/native")
    gains = []
    for copy in range(2):
        for clip, changed in stored(project, f"signals/native~gain.{copy}").items():
            gain = (changed @ clips[clip]) / (clips[clip] @ clips[clip])
            np.testing.assert_allclose(changed, gain * clips[clip], atol=0.01)
            gains.append(round(float(20 * np.log10(gain)), 6))
    assert len(set(gains)) == len(gains)
    assert -6 <= min(gains) < -4
    assert 4 < max(gains) <= 6


def test_images_are_made_of_the_changed_sound(project: Project) -> None:
    """Images are stretched between a clip's own extremes, so a gain changes nothing in them."""
    clips = stored(project, "pixels/20x12")
    assert len({pixels.tobytes() for pixels in clips.values()}) == 36
    for clip, changed in stored(project, "pixels/20x12~gain.1").items():
        assert changed.dtype == np.uint8
        assert np.abs(changed.astype(int) - clips[clip]).max() <= 1


def test_spectrograms_are_made_of_the_changed_sound(project: Project) -> None:
    clips = stored(project, VIEW)
    first, second = (stored(project, f"{SHIFTED}.{copy}") for copy in range(2))
    for clip, plain in clips.items():
        assert first[clip].shape == plain.shape
        assert first[clip].dtype == plain.dtype
        assert not np.array_equal(first[clip], plain)
        assert not np.array_equal(first[clip], second[clip])


@pytest.mark.parametrize("model", ["cnn1d", "cnn2d"])
def test_a_copy_has_the_label_of_its_clip(project: Project, model: str) -> None:
    """What these networks read of copies and clips is the same, so is what they learn of them.

    Copies under other clips' labels change probabilities by 0.001 and more.
    """
    for fold in range(2):
        plain, copied = (
            rows(project.results / "predictions" / name / f"fold{fold}_seed0.tsv")
            for name in (model, f"{model}_sound_gain")
        )
        assert [row["clip"] for row in plain] == [row["clip"] for row in copied]
        columns = [column for column in plain[0] if column.startswith("p_")]
        assert len(columns) == 3
        values = [[[float(row[c]) for c in columns] for row in t] for t in (plain, copied)]
        np.testing.assert_allclose(values[0], values[1], rtol=0, atol=1e-4)


def test_only_copies_that_are_missing_are_made(project: Project) -> None:
    assert project.planned(target="models") == {}
    more = f"models={json.dumps({'cnn1d': {'copies': 3}, 'cnn2d': {'copies': 1}})}"
    planned = project.planned("--config", more, target="models")
    assert planned == {"signal_copies": 3, "train_network": 4}
