"""What models say of clips of the corpus is what they were found to say in training's own test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from small_trainings import ROLES, SIGNALS

from serflow import svm
from serflow.networks import modelfile
from serflow.networks.speakers import SpeakerStandardised
from serflow.networks.training import train
from serflow.shown import said
from serflow.sound import features
from serflow.stored.arrays import StoredArrays
from serflow.stored.features import StoredFeatures
from serflow.tables import write_tsv

CLIPS = [f"c{number:02d}" for number in range(48)]
SPEAKERS = [f"s{number % 4}" for number in range(48)]
LABELS = np.array(["A", "B"])[np.arange(48) // 6 % 2]
ASKED = ["c41", "c03", "c17"]


@pytest.mark.parametrize("scaling", ["standard", "speaker"])
def test_machines(tmp_path: Path, scaling: str) -> None:
    generator = np.random.default_rng(0)
    kinds = {
        kind: features.Features(
            X=(generator.standard_normal((48, 3)) + (LABELS == "B")[:, None]).astype(np.float32),
            clip=np.array(CLIPS),
            label=LABELS,
            speaker=np.array(SPEAKERS),
            config={},
        )
        for kind in ("sc", "sbe")
    }
    for kind, of in kinds.items():
        features.save(tmp_path / f"{kind}.npz", of)
    settings = {"features": "sc+sbe", "C": 1.0, "kernel": "rbf"}
    settings |= {"scaling": scaling, "inner_folds": 2}
    both = features.concatenate([kinds["sc"], kinds["sbe"]])
    test = ROLES == "test"
    outcome = svm.train({"sc+sbe": both}, ~test, test, ["A", "B"], settings)
    svm.save(tmp_path / "model.skops", outcome.model)
    tested = [CLIPS[place] for place in np.flatnonzero(test)]
    stored = StoredFeatures({kind: tmp_path / f"{kind}.npz" for kind in kinds}, tested)
    found = stored.probabilities(tmp_path / "model.skops", tested[::-1])
    np.testing.assert_allclose(found[::-1], outcome.probabilities, rtol=1e-12)
    one = StoredFeatures({kind: tmp_path / f"{kind}.npz" for kind in kinds}, tested[2:3])
    np.testing.assert_allclose(
        one.probabilities(tmp_path / "model.skops", tested[2:3]), found[-3:-2], rtol=1e-12
    )


@pytest.mark.parametrize("kind", ["training", "speaker"])
def test_networks(tmp_path: Path, kind: str) -> None:
    signals = np.random.default_rng(0).normal(0, 100, (48, 800)).astype(np.float32)
    for shard, rows in (("0", slice(0, 30)), ("1", slice(30, 48))):
        # Shards hold their clips in an order of their own.
        np.save(tmp_path / f"{shard}.npy", signals[rows][::-1])
        write_tsv(tmp_path / f"{shard}.tsv", [{"clip": c} for c in CLIPS[rows][::-1]], ["clip"])
    settings = {**SIGNALS, "normalisation": kind, "epochs": 1, "augmentation": "none"}
    inputs = SpeakerStandardised(signals, SPEAKERS) if kind == "speaker" else signals
    truth = (LABELS == "B").astype(int)
    trained = train(inputs, truth, ROLES, ["A", "B"], settings, seed=0, device="cpu")
    modelfile.save(tmp_path / "model.safetensors", trained.network, {})
    stored = StoredArrays(
        [tmp_path / f"{shard}.npy" for shard in "01"],
        [tmp_path / f"{shard}.tsv" for shard in "01"],
        dict(zip(CLIPS, SPEAKERS, strict=True)),
    )
    assert stored.lacking([*ASKED, "c48"]) == ["c48"]
    found = stored.probabilities(tmp_path / "model.safetensors", ASKED)
    rows = np.array([CLIPS.index(clip) for clip in ASKED])
    np.testing.assert_allclose(found, modelfile.predict(trained.network, inputs, rows), rtol=1e-5)


def test_trainings_of_one_model_are_told_by_their_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stored:
        def __init__(self, *given: object) -> None:
            self.given = given

        def probabilities(self, model: str, clips: Sequence[str], *own: object) -> np.ndarray:
            share = {"a": 0.2, "b": 0.5, "c": 0.9}[model]
            return np.array([[share, 1 - share]] * len(clips))

    monkeypatch.setattr("serflow.stored.features.StoredFeatures", Stored)
    monkeypatch.setattr("serflow.stored.arrays.StoredArrays", Stored)
    models = [
        said.Trained("svm", "a"),
        said.Trained("net", "b", "signals"),
        said.Trained("net", "c", "signals"),
    ]
    kept = {"features": {"sc": "sc.npz"}, "arrays": {"signals": ([], [])}, "speakers": {}}
    told = {"svm": [0.2, 0.8], "net": [0.7, 0.3]}
    assert said.of_training(models, ["x", "y"], **kept) == {"x": told, "y": told}
