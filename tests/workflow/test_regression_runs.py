"""Models that estimate a number of a sheet: learnt from sound, and evaluated apart."""

from __future__ import annotations

import csv
import html
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from project import BRIEF, CONFIGURATION, RATE, Project, rows, write_wav
from staleness import REPORT, command_line, jobs

from serflow.__main__ import main

FOLDS = CONFIGURATION["protocol"]["folds"]
SPEAKERS, TAKES = 6, 8
LISTED = ("path", "label", "speaker", "hoarseness")
# Numbers are learnt in a few steps; the classifier is only there to be left alone.
NETWORK = {"target": "hoarseness", "batch_size": 8, "epochs": 10}
MEL = {
    "family": "cnn_mel",
    "rate": 8000,
    "n_fft": 512,
    "n_mels": 32,
    "channels": [8, 16],
    **NETWORK,
    "learning_rate": 0.01,
    "loss": "ccc",
}
MODELS: dict[str, Any] = {
    "svm_sc": {"family": "svm", "features": "sc"},
    "conflict": {"family": "conflictnet", **NETWORK, "loss": "pearson"},
    "mel": {**MEL, "normalisation": "speaker"},
}
SHEET = {
    **CONFIGURATION,
    "report": BRIEF,
    "corpus": {"name": "tiny", "adapter": "sheet", "path": "clips.csv"},
    "shards": 2,
    "features": {**CONFIGURATION["features"], "types": ["sc"]},
    "models": MODELS,
}


def recorded() -> list[dict[str, str]]:
    """Return the lines of the sheet: how hoarse each tone is, from 0 to 10, and a label of it."""
    generator = np.random.default_rng(0)
    return [
        {
            "path": f"wavs/s{speaker}_{take}.wav",
            "label": "High" if level > 5 else "Low",
            "speaker": f"s{speaker}",
            "hoarseness": f"{level:.3f}",
        }
        for speaker in range(SPEAKERS)
        for take in range(TAKES)
        for level in [generator.uniform(0, 10)]
    ]


def list_clips(project: Project, lines: list[dict[str, str]], columns: tuple[str, ...]) -> None:
    with project.path("clips.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)


def make(folder: Path, configuration: dict[str, Any], columns: tuple[str, ...] = LISTED) -> Project:
    """Make a project of tones: noise rises with the number, pitch is the speaker's."""
    project = Project.make(folder, configuration)
    lines = recorded()
    generator = np.random.default_rng(1)
    time = np.arange(9000) / RATE
    for number, line in enumerate(lines):
        pitch = 150 * (1 + 0.1 * (number // TAKES)) * 2 ** (0.02 * generator.normal())
        tone = np.sin(2 * np.pi * pitch * time) + 0.5 * np.sin(4 * np.pi * pitch * time)
        hoarse = float(line["hoarseness"])
        sound = 600 * ((10 - hoarse) * tone + hoarse * generator.normal(size=time.size))
        write_wav(project.path(line["path"]), np.round(sound).astype(np.int16))
    list_clips(project, lines, columns)
    return project


@pytest.fixture(scope="module")
def estimated(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A finished report of two networks that estimate how hoarse the tones are, and an SVM."""
    project = make(tmp_path_factory.mktemp("regression") / "project", SHEET)
    project.build("report", cores=2)
    return project


def test_networks_estimate_the_number_for_speakers_never_heard(estimated: Project) -> None:
    found = rows(estimated.results / "evaluation" / "regression.tsv")
    assert [row["model"] for row in found] == ["conflict", "mel", "training mean"]
    *models, mean = found
    for row in models:
        assert row["target"] == "hoarseness"
        assert float(row["ccc"]) > 0.5
        assert 0 < float(row["ccc_low"]) <= float(row["ccc"]) <= float(row["ccc_high"]) <= 1
        assert float(row["rmse"]) < 0.8 * float(mean["rmse"])
        counts = [row[key] for key in ("clips", "speakers", "folds", "seeds")]
        assert counts == [str(SPEAKERS * TAKES), str(SPEAKERS), str(FOLDS), "1"]
    trainings = rows(estimated.results / "evaluation" / "regression_per_fold.tsv")
    told = [(row["model"], row["fold"], row["seed"]) for row in trainings]
    assert told == [(name, str(n), "0") for name in ("conflict", "mel") for n in range(FOLDS)]
    truth = {line["path"].removesuffix(".wav"): float(line["hoarseness"]) for line in recorded()}
    told = rows(estimated.results / "predictions" / "mel" / "fold0_seed0.tsv")
    assert list(told[0]) == ["clip", "speaker", "truth", "estimate"]
    assert all(float(row["truth"]) == truth[row["clip"]] for row in told)
    curve = rows(estimated.results / "curves" / "mel" / "fold0_seed0.tsv")
    assert {"train_loss", "validation_pearson", "validation_ccc"} <= set(curve[0])


def test_classifiers_are_evaluated_as_if_alone(estimated: Project, tmp_path: Path) -> None:
    evaluated = estimated.results / "evaluation"
    for name in ("models", "per_class", "per_speaker", "per_fold", "confusion", "calibration"):
        named = {row["model"] for row in rows(evaluated / f"{name}.tsv")}
        assert named <= {"svm_sc", "chance", "majority"}, name
    assert rows(evaluated / "comparisons.tsv") == []
    concluded = json.loads((evaluated / "conclusions.json").read_text(encoding="utf-8"))
    assert not any(name in str(concluded) for name in ("conflict", "mel "))
    project = estimated.copy(tmp_path / "project")
    project.configure({**SHEET, "models": {"svm_sc": MODELS["svm_sc"]}})
    planned = project.planned()
    assert planned["report_html"] == 1
    assert not {"evaluate", "train_svm"} & set(planned)


def test_the_report_has_a_section_of_its_own(estimated: Project) -> None:
    page = html.unescape((estimated.results / "report" / "report.html").read_text(encoding="utf-8"))
    assert "Estimated numbers" in page
    assert "conflict estimates hoarseness of the test clips with a CCC of 0." in page
    assert "evaluation/regression.tsv" in page
    for name in ("regression/conflict", "regression/mel", "curves/conflict", "curves/mel"):
        assert (estimated.results / "figures" / f"{name}.svg").stat().st_size
    assert not (estimated.results / "figures" / "confusion" / "mel.svg").exists()


def test_a_new_recording_is_estimated_within_its_speaker(
    estimated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = estimated.copy(tmp_path / "project")
    heard = [f"wavs/s0_{take}.wav" for take in range(TAKES)]
    asked = {"model": "mel", "same_speaker": True}
    project.build("predict", *command_line({"recordings": heard, "predict": asked}))
    (answers,) = project.results.glob("predict/*/predictions.tsv")
    told = {row["recording"]: float(row["hoarseness"]) for row in rows(answers)}
    assert list(told) == heard
    # By the plain command: what the fold that tests the speaker said of it, and both folds' mean.
    monkeypatch.chdir(project.folder)
    model = Path("results/tiny/models/mel")
    by_fold = []
    for fold in range(FOLDS):
        command = ["predict", *heard, "--same-speaker", "--output", "told.tsv"]
        assert main([*command, "--model", str(model / f"fold{fold}_seed0.safetensors")]) == 0
        by_fold.append([float(row["hoarseness"]) for row in rows(Path("told.tsv"))])
        tested = rows(project.results / "predictions" / "mel" / f"fold{fold}_seed0.tsv")
        known = [float(row["estimate"]) for row in tested if row["speaker"] == "s0"]
        assert not known or by_fold[-1] == pytest.approx(known, rel=1e-4)
    assert list(told.values()) == pytest.approx(np.mean(by_fold, axis=0), rel=1e-4)


TABLE = jobs(REPORT, evaluate_regression=1, costs=1)


def test_what_a_change_makes_stale(estimated: Project, tmp_path: Path) -> None:
    assert estimated.planned() == {}
    one = jobs(TABLE, train_network=FOLDS, figure_curves=1, figure_estimates=1)
    assert estimated.planned(*command_line({"models.mel.loss": "pearson"})) == one
    # A corrected number concerns who estimates it and the tables of attributes, but no label.
    project = estimated.copy(tmp_path / "project")
    lines = recorded()
    lines[0]["hoarseness"] = "9.5"
    list_clips(project, lines, LISTED)
    planned = project.planned()
    assert planned["train_network"] == 2 * FOLDS
    assert planned["evaluate_regression"] == planned["clip_table"] == 1
    assert not {"train_svm", "splits", "signals", "views"} & set(planned)


def test_numbers_alone_make_a_report_too(tmp_path: Path) -> None:
    model = {**MEL, "epochs": 1, "augmentations": ["none", "gain"]}
    alone = {**SHEET, "models": {"mel": model}}
    project = make(tmp_path / "project", alone, ("path", "speaker", "hoarseness"))
    project.build("report", "evaluation", cores=2)
    page = (project.results / "report" / "report.html").read_text(encoding="utf-8")
    assert "mel_gain estimates hoarseness" in html.unescape(page)
    assert "nweighted average recall" not in page
    assert not (project.results / "evaluation" / "models.tsv").exists()
    refused = project.snakemake(
        "report", "-n", *command_line({"models.svm_sc": {"family": "svm", "features": "sc"}})
    )
    assert refused.code != 0
    assert "the column label is missing" in refused.output


def test_a_number_that_is_missing_stops_everything(tmp_path: Path) -> None:
    project = make(tmp_path / "project", SHEET)
    lines = recorded()
    lines[3]["hoarseness"] = ""
    list_clips(project, lines, LISTED)
    run = project.snakemake("report", "-n")
    assert run.code != 0
    assert "`models.conflict.target`" in run.output
    assert "1 of 48 clips have no number: wavs/s0_3 (empty)" in run.output
    assert "Traceback" not in run.output
