"""Every family of models through the real workflow, in one configuration and one run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from project import BRIEF, CONFIGURATION, Project, rows, synthesize
from staleness import command_line, library

from serflow import model_list, network_inputs
from serflow.networks import modelfile

MINE = """
from torch import nn


class Mine(nn.Module):
    def __init__(self, n_classes, input_shape, width=3):
        super().__init__()
        values = input_shape[0] * input_shape[1]
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(values, width), nn.Linear(width, n_classes)
        )

    def forward(self, clips):
        return self.layers(clips)
"""
MEL = {"rate": 8000, "n_fft": 256, "hop_seconds": 0.015, "n_mels": 24}
SIGNAL = {"rate": 4000}
IMAGE = {"size": [24, 20]}
TRAINING = {"epochs": 2, "batch_size": 8}
MODELS: dict[str, dict[str, Any]] = {
    "svm": {"family": "svm", "features": "mfcc12"},
    "mlp_wave": {**SIGNAL, "hidden": 8},
    "cnn1d": {**SIGNAL, "channels": [4, 8]},
    "very_deep": SIGNAL,
    "ser1d": {**SIGNAL, "attention": True, "channels": [4, 4, 4, 4], "hidden": 4},
    "conflictnet": SIGNAL,
    "cnn2d": {**IMAGE, "channels": [4, 8], "mixup": 0.2, "members": 2},
    "gan_cnn2d": {**IMAGE, "channels": [4, 8], "gan_epochs": 1, "label_shares": [0.5, 1]},
    "cnn_stft": {"rate": 8000, "n_fft": 256, "hop_length": 80, "channels": [2, 3], "hidden": 4},
    "cnn_mel": {**MEL, "channels": [4, 8], "normalisation": "speaker"},
    "crnn": {**MEL, "channels": [2, 3, 4], "hidden": 4, "refit": True, "label_smoothing": 0.1},
    "lstm": {**MEL, "hidden": 4, "class_weights": "balanced"},
    "gru": {**MEL, "hidden": 4, "n_mfcc": 8},
    "custom": {**MEL, "file": "mine.py", "class": "Mine", "input": "log_mel"},
}
EVERYTHING: dict[str, Any] = {
    **CONFIGURATION,
    "report": BRIEF,
    "shards": 1,
    "models": {
        name: {"family": name, **({} if name == "svm" else TRAINING), **settings}
        for name, settings in MODELS.items()
    },
    "protocol": {"type": "speakers", "test_speakers": [["s05", "s06"]], "validation": 0.3},
}
NETWORKS = model_list.NETWORKS
RUN = "fold0_seed0"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.make(tmp_path_factory.mktemp("everything") / "project", EVERYTHING)
    synthesize(project.path("wavs"))
    project.path("mine.py").write_text(MINE, encoding="utf-8")
    project.build("report")
    return project


def test_every_family_is_evaluated_and_in_the_report(everything: Project) -> None:
    assert tuple(MODELS) == model_list.FAMILIES
    table = rows(everything.results / "evaluation" / "models.tsv")
    assert set(MODELS) <= {row["model"] for row in table}
    page = everything.results.joinpath("report", "report.html").read_text(encoding="utf-8")
    assert all(name in page for name in MODELS)


@pytest.mark.parametrize("family", NETWORKS)
def test_a_training_leaves_what_it_did(everything: Project, family: str) -> None:
    record = json.loads(
        everything.results.joinpath("models", family, f"{RUN}.json").read_text(encoding="utf-8")
    )
    assert record["family"] == family
    assert record["parameters"] > 0
    curve = rows(everything.results / "curves" / family / f"{RUN}.tsv")
    assert [row["epoch"] for row in curve] == ["1", "2"]
    assert all(row["validation_uar"] for row in curve)
    # On a slow machine there may have been one.
    assert list(everything.results.rglob("*.pt")) == []


@pytest.mark.parametrize("family", [name for name in NETWORKS if name != "cnn_mel"])
def test_the_stored_network_gives_the_stored_predictions(everything: Project, family: str) -> None:
    """All but the one that reads clips standardised within each speaker."""
    network, metadata = modelfile.load(
        everything.results / "models" / family / f"{RUN}.safetensors",
        everything.path("mine.py") if family == "custom" else None,
    )
    assert (metadata["fold"], metadata["seed"]) == (0, 0)
    stored = everything.results / "predictions" / family / f"{RUN}.tsv"
    predictions = {row["clip"]: row for row in rows(stored)}
    assert {row["speaker"] for row in predictions.values()} == {"s05", "s06"}
    folder = everything.results / network_inputs.folder(network.settings)
    clips = [row["clip"] for row in rows(folder / "0.tsv")]
    test = np.array([place for place, clip in enumerate(clips) if clip in predictions])
    assert len(test) == len(predictions) == 12
    # Grouped into batches as the training's were: by name.
    test = test[np.argsort(np.array(clips)[test])]
    found = modelfile.predict(network, np.load(folder / "0.npy"), test)
    given = [
        [float(predictions[clips[place]][f"p_{name}"]) for name in network.classes]
        for place in test
    ]
    # Six digits are stored.
    np.testing.assert_allclose(found, given, atol=1e-6)


def test_spectrograms_are_made_once_for_all_that_read_them(everything: Project) -> None:
    made = sorted(folder.name for folder in everything.results.joinpath("views").iterdir())
    assert made == [
        "log_mel_8000_256_0.015_24",
        "mfcc_8000_256_0.015_24_20",
        "mfcc_8000_256_0.015_24_8",
        "stft_8000_256_80",
    ]


STALE: list[tuple[str, dict[str, Any], str | None, set[str], int]] = [
    ("a key of one family", {"models.crnn.hidden": 5}, None, {"crnn"}, 0),
    ("its mel bands", {"models.crnn.n_mels": 32}, None, {"crnn"}, 1),
    ("another's view, there already", {"models.gru.n_mfcc": 20}, None, {"gru"}, 0),
    ("code: a network", {}, "networks/crnn.py", {"crnn"}, 0),
    ("code: one of two families", {}, "networks/recurrent.py", {"lstm", "gru"}, 0),
    ("code: another of two families", {}, "networks/cnn2d.py", {"cnn2d", "cnn_mel"}, 0),
    (
        "code: what several networks are built of",
        {},
        "networks/stacks.py",
        {"very_deep", "ser1d", "conflictnet", "gan_cnn2d", "cnn_stft", "crnn"},
        0,
    ),
    (
        "code: attention",
        {},
        "networks/attention.py",
        {"ser1d", "conflictnet", "crnn", "lstm", "gru"},
        0,
    ),
    ("code: mixup, which the loop imports", {}, "networks/mixup.py", set(NETWORKS), 0),
]


@pytest.mark.parametrize(("change", "keys", "module", "models", "views"), STALE)
def test_a_change_trains_again_what_depends_on_it(
    everything: Project,
    tmp_path: Path,
    change: str,
    keys: dict[str, Any],
    module: str | None,
    models: set[str],
    views: int,
) -> None:
    project = everything
    if module is not None:
        project = everything.copy(tmp_path / "project")
        library(module)(project)
    run = project.build("report", "-n", *command_line(keys))
    assert set(re.findall(r"Training (\w+)(?: with its GAN)?, fold", run.output)) == models, change
    assert run.jobs.get("views", 0) == views
    assert run.jobs.get("signals", 0) == 0


def test_the_file_of_a_network_of_one_s_own_counts(everything: Project, tmp_path: Path) -> None:
    project = everything.copy(tmp_path / "project")
    text = MINE.replace("width=3", "width=4")
    project.path("mine.py").write_text(text, encoding="utf-8")
    run = project.build("report", "-n")
    assert set(re.findall(r"Training (\w+)(?: with its GAN)?, fold", run.output)) == {"custom"}


def test_a_network_of_one_s_own_predicts(everything: Project, tmp_path: Path) -> None:
    """Its file stands in the configuration, so that it need not be given again."""
    project = everything.copy(tmp_path / "project")
    asked = ["predict", "--config", "recordings=wavs/Calm/s05_1.wav"]
    project.build(*asked, 'predict={"model": "custom", "audio": false}')
    (folder,) = project.results.glob("predict/*/")
    (told,) = rows(folder / "predictions.tsv")
    stored = rows(everything.results / "predictions" / "custom" / f"{RUN}.tsv")
    (tested,) = [row for row in stored if row["clip"] == "Calm/s05_1"]
    for label in ("p_Angry", "p_Calm", "p_Happy"):
        assert float(told[label]) == pytest.approx(float(tested[label]), abs=2e-6)
