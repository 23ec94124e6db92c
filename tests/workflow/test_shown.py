"""Single clips and explanations of a finished run: their numbers are those of the tables."""

from __future__ import annotations

import json

import pytest
from project import CONFIGURATION, LABELS, Project, rows

LABEL_COLUMNS = [f"p_{label}" for label in LABELS]


def test_probabilities_of_test_clips_are_those_of_the_results(finished: Project) -> None:
    shown = json.loads(finished.results.joinpath("shown", "clips.json").read_text())
    tested = [card for card in shown["cards"] if card["role"] != "train"]
    assert {card["label"] for card in tested if card["role"] == "test"} == set(LABELS)
    models = {"svm_sc", "svm_sbe", "svm_mfcc12", "cnn1d", "cnn2d", "cnn2d_time_shift"}
    predicted = {
        (model, row["clip"]): row
        for model in models
        for path in finished.results.joinpath("predictions", model).glob("*.tsv")
        for row in rows(path)
    }
    for card in tested:
        assert set(card["probabilities"]) == models
        for model, told in card["probabilities"].items():
            row = predicted[model, card["clip"]]
            assert told == pytest.approx([float(row[key]) for key in LABEL_COLUMNS], abs=1e-4)
        if card["role"] == "mistake":
            row = predicted[card["model"], card["clip"]]
            assert row["predicted"] == card["taken_for"] != card["label"]


def test_training_clips_are_told_by_models_that_heard_them(finished: Project) -> None:
    shown = json.loads(finished.results.joinpath("shown", "clips.json").read_text())
    trained = [card for card in shown["cards"] if card["role"] == "train"]
    roles = {
        row["clip"]: row["role"]
        for row in rows(finished.results / "splits.tsv")
        if row["fold"] == "0"
    }
    assert len(trained) == len(LABELS)
    for card in trained:
        assert roles[card["clip"]] == "train"
        for told in card["probabilities"].values():
            assert sum(told) == pytest.approx(1, abs=1e-3)


def test_pictures_and_sounds_are_there_and_in_the_page(finished: Project) -> None:
    shown = json.loads(finished.results.joinpath("shown", "clips.json").read_text())
    folder = finished.results / "shown" / "files"
    names = {f"{card['name']}{suffix}" for card in shown["cards"] for suffix in (".png", ".mp3")}
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} == names
    page = finished.results.joinpath("report", "report.html").read_text(encoding="utf-8")
    assert page.count("<audio controls") == len(shown["cards"])


def test_explanations_add_up(finished: Project) -> None:
    for model in ("cnn1d", "cnn2d"):
        path = finished.results / "explanations" / f"{model}.json"
        facts = json.loads(path.read_text())
        assert 1 <= len(facts["clips"]) <= 4
        assert -1 <= facts["untrained"] <= 1
        assert facts["gap"] >= 0


def test_importance_is_taken_from_the_models_results(finished: Project) -> None:
    found = rows(finished.results / "evaluation" / "importance.tsv")
    uar = {row["model"]: row["uar"] for row in rows(finished.results / "evaluation" / "models.tsv")}
    parts: dict[str, list[str]] = {}
    for row in found:
        assert float(row["uar"]) == pytest.approx(float(uar[row["model"]]), abs=1e-5)
        assert float(row["low"]) <= float(row["drop"]) + 0.1
        parts.setdefault(row["model"], []).append(row["part"])
    bands = len(CONFIGURATION["features"]["bands"])
    assert {model: len(of) for model, of in parts.items()} == {
        **dict.fromkeys(("svm_sc", "svm_sbe"), bands),
        "svm_mfcc12": 12,
    }
    assert parts["svm_sc"][0].startswith("band 1, ")
