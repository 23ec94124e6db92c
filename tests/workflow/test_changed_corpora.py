"""A corpus changes after a finished run, and the next run makes results of what is there now."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from project import LABELS, SMALL, SPEAKERS, TAKES, Project, rows, synthesize
from staleness import CHECKS, REPORT, describe_by_sheet, edit_wav, jobs

OF_A_LABEL = SPEAKERS * TAKES


def remove_label(project: Project) -> None:
    shutil.rmtree(project.path("wavs", "Calm"))


def respell_label(project: Project) -> None:
    """Give all of a label's clips another label; clips keep their names."""
    describe_by_sheet(project, {"Calm": "Serene"})


def train_two_models_alone(project: Project) -> None:
    """Leave one model of the features and one of the images in the configuration."""
    path = project.path("config", "config.yaml")
    configuration = yaml.safe_load(path.read_text(encoding="utf-8"))
    models = {name: configuration["models"][name] for name in ("svm_sc", "cnn2d")}
    models["cnn2d"]["augmentations"] = ["none"]
    project.configure({**configuration, "models": models})


@pytest.mark.parametrize(
    ("change", "spelled"),
    [(remove_label, {}), (respell_label, {"Calm": "Serene"})],
    ids=["a label vanishes", "a label is respelled"],
)
def test_labels(
    change: Callable[[Project], None],
    spelled: dict[str, str],
    finished: Project,
    tmp_path: Path,
) -> None:
    project = finished.copy(tmp_path / "project")
    change(project)
    train_two_models_alone(project)
    project.build("evaluation", "images")

    label_of = {
        f"{label}/s{speaker:02d}_{take}": spelled.get(label, label)
        for label in LABELS
        if label != "Calm" or spelled
        for speaker in range(1, SPEAKERS + 1)
        for take in range(1, TAKES + 1)
    }
    labels = sorted(set(label_of.values()))
    for model in ("svm_sc", "cnn2d"):
        tables = sorted(project.results.glob(f"predictions/{model}/*.tsv"))
        predicted = [row for table in tables for row in rows(table)]
        assert sorted((row["clip"], row["label"]) for row in predicted) == sorted(label_of.items())
        assert {row["predicted"] for row in predicted} <= set(labels)
        assert list(predicted[0])[4:] == [f"p_{label}" for label in labels]
    stored = [row for table in project.results.glob("pixels/20x12/*.tsv") for row in rows(table)]
    assert sorted((row["clip"], row["label"]) for row in stored) == sorted(label_of.items())
    # As ImageFolder sees it: folders are classes, and an empty one would be a class too.
    classes = sorted(folder.name for folder in project.results.joinpath("images").iterdir())
    assert classes == labels
    for label in labels:
        pictures = project.results.joinpath("images", label).rglob("*.png")
        assert len(list(pictures)) == OF_A_LABEL
    scored = rows(project.results / "evaluation" / "per_class.tsv")
    assert {(row["label"], row["clips"]) for row in scored} == {
        (label, str(OF_A_LABEL)) for label in labels
    }
    assert project.planned(target="evaluation") == project.planned(target="images") == {}


def test_spectrograms_that_are_not_kept(tmp_path: Path) -> None:
    configuration = {**SMALL, "spectrogram": {**SMALL["spectrogram"], "keep": False}}
    project = Project.make(tmp_path / "project", configuration)
    synthesize(project.path("wavs"))
    first = project.build("report")
    assert first.jobs["spectrograms"] == first.jobs["band_features"] == 2
    spectrograms = project.results / "spectrograms"
    assert list(spectrograms.rglob("*")) == []
    assert project.results.joinpath("report", "report.pdf").is_file()
    assert project.results.joinpath("report", "report.html").is_file()
    assert project.planned() == {}
    # What is gone is made again only where something needs it.
    assert project.planned("--config", 'spectrogram={"keep": true}') == REPORT
    assert project.planned(
        "--config", 'features={"bands": [[0, 15], [16, 31], [32, 60]]}', target="features"
    ) == {"spectrograms": 2, "band_features": 2, "feature_table": 1}

    edit_wav(project)
    extracted = jobs(CHECKS, recordings=1, spectrograms=1, band_features=1, feature_table=1)
    assert project.planned(target="features") == extracted
    assert project.planned(target="evaluation") == {
        **extracted,
        **dict.fromkeys(("splits", "leakage", "gate", "evaluate"), 1),
        "train_svm": 2,
    }
    project.build("features")
    assert list(spectrograms.rglob("*")) == []
    assert project.planned(target="features") == {}
