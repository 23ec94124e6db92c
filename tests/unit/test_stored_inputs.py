"""What models say of clips of the corpus is what they were found to say in training's own test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_trainings import ROLES, SIGNALS

from serflow import svm
from serflow.networks import modelfile
from serflow.networks.speakers import SpeakerStandardised
from serflow.networks.training import train
from serflow.prediction.stored_arrays import StoredArrays
from serflow.prediction.stored_features import StoredFeatures
from serflow.sound import features
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
    stored = StoredFeatures({kind: tmp_path / f"{kind}.npz" for kind in kinds})
    tested = [CLIPS[place] for place in np.flatnonzero(test)]
    found = stored.probabilities(tmp_path / "model.skops", tested[::-1])
    np.testing.assert_allclose(found[::-1], outcome.probabilities, rtol=1e-12)


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
        [tmp_path / f"{shard}.npy" for shard in "01"], [tmp_path / f"{shard}.tsv" for shard in "01"]
    )
    speakers = dict(zip(CLIPS, SPEAKERS, strict=True))
    found = stored.probabilities(tmp_path / "model.safetensors", ASKED, speakers)
    rows = np.array([CLIPS.index(clip) for clip in ASKED])
    np.testing.assert_allclose(found, modelfile.predict(trained.network, inputs, rows), rtol=1e-5)
