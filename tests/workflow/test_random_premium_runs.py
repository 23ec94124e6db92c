"""Trainings under random folds beside the protocol's own: what runs, what is made of it, and where
it has no say.
"""

from __future__ import annotations

import html
import json
from collections import defaultdict
from typing import Any

import pytest
from project import CONFIGURATION, LABELS, Project, rows
from staleness import GRAPH, REPORT, command_line, jobs

FOLDS = CONFIGURATION["protocol"]["folds"]
TABLE = jobs(REPORT, GRAPH, random_premium=1, figure_random_premium=1)
# What the evaluation leaves of the models themselves.
EVALUATED = ("models", "per_class", "per_speaker", "per_fold", "confusion", "comparisons")


def asked(*models: str, **keys: Any) -> list[str]:
    return command_line({"protocol.random_premium": list(models), **keys})


def files(project: Project) -> set[str]:
    """Return the names of the results' files, without what jobs cost."""
    found = {path.relative_to(project.results) for path in project.results.rglob("*.*")}
    return {
        path.as_posix()
        for path in found
        if path.parts[0] != "benchmarks" and (project.results / path).is_file()
    }


@pytest.fixture(scope="module")
def shown(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished project with one SVM and one network trained under random folds too."""
    project = finished.copy(tmp_path_factory.mktemp("premium") / "project")
    run = project.build("report", *asked("svm_sc", "cnn2d_time_shift"))
    assert run.jobs == jobs(TABLE, random_splits=1, train_svm=FOLDS, train_network=FOLDS, report=1)
    return project


def test_nothing_else_is_touched(finished: Project, shown: Project) -> None:
    for name in EVALUATED:
        table = f"evaluation/{name}.tsv"
        assert (shown.results / table).read_bytes() == (finished.results / table).read_bytes()
    concluded = "evaluation/conclusions.json"
    assert json.loads((shown.results / concluded).read_text(encoding="utf-8")) == json.loads(
        (finished.results / concluded).read_text(encoding="utf-8")
    )
    runs = [f"fold{fold}_seed0" for fold in range(FOLDS)]
    assert files(shown) - files(finished) == {
        "splits_random.tsv",
        "evaluation/random_premium.tsv",
        "figures/random_premium.svg",
        *(f"models/svm_sc.random/{run}.{kind}" for run in runs for kind in ("skops", "json")),
        *(f"predictions/svm_sc.random/{run}.tsv" for run in runs),
        *(
            f"models/cnn2d_time_shift.random/{run}.{kind}"
            for run in runs
            for kind in ("safetensors", "json")
        ),
        *(
            f"{folder}/cnn2d_time_shift.random/{run}.tsv"
            for folder in ("predictions", "curves")
            for run in runs
        ),
    }


def test_random_folds_deal_each_labels_clips_whoever_speaks(shown: Project) -> None:
    speaker = {row["clip"]: row["speaker"] for row in rows(shown.results / "clips.tsv")}
    tested: dict[str, list[str]] = defaultdict(list)
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(shown.results / "splits_random.tsv"):
        roles[row["fold"], row["role"]].add(row["clip"])
        if row["role"] == "test":
            tested[row["clip"]].append(row["fold"])
    assert {clip: len(folds) for clip, folds in tested.items()} == dict.fromkeys(speaker, 1)
    for fold in map(str, range(FOLDS)):
        share = [sum(clip.startswith(label) for clip in roles[fold, "test"]) for label in LABELS]
        assert share == [len(speaker) // len(LABELS) // FOLDS] * len(LABELS)
        heard = {speaker[clip] for clip in roles[fold, "train"]}
        assert heard & {speaker[clip] for clip in roles[fold, "test"]}
        assert roles[fold, "validation"]


def test_the_table_has_both_scores(shown: Project) -> None:
    found = {row["model"]: row for row in rows(shown.results / "evaluation" / "random_premium.tsv")}
    assert list(found) == ["svm_sc", "cnn2d_time_shift", "chance", "majority"]
    models = {row["model"]: row for row in rows(shown.results / "evaluation" / "models.tsv")}
    guessed = {name: found.pop(name) for name in ("chance", "majority")}
    for name, row in guessed.items():
        assert row["uar"] == models[name]["uar"]
    assert float(guessed["chance"]["uar_random"]) == pytest.approx(1 / len(LABELS), abs=1e-5)
    for model, row in found.items():
        assert float(row["uar"]) == pytest.approx(float(models[model]["uar"]), abs=1e-5)
        right: dict[str, list[bool]] = defaultdict(list)
        for fold in range(FOLDS):
            name = f"{model}.random/fold{fold}_seed0.tsv"
            for answer in rows(shown.results / "predictions" / name):
                right[answer["label"]].append(answer["predicted"] == answer["label"])
        uar = sum(sum(answers) / len(answers) for answers in right.values()) / len(right)
        assert float(row["uar_random"]) == pytest.approx(uar, abs=1e-5)
        assert float(row["difference"]) == pytest.approx(
            float(row["uar_random"]) - float(row["uar"]), abs=2e-5
        )
        assert float(row["low"]) <= float(row["difference"]) <= float(row["high"])
        counts = [row[key] for key in ("clips", "speakers", "folds", "seeds")]
        assert counts == ["36", "6", str(FOLDS), "1"]


def test_the_report_shows_it(shown: Project, finished: Project) -> None:
    title = "What a random split would have claimed"
    page = html.unescape((shown.results / "report" / "report.html").read_text(encoding="utf-8"))
    assert title in page
    assert "evaluation/random_premium.tsv" in page
    assert "UAR on voices never heard (filled) and under random folds (open)" in page
    without = (finished.results / "report" / "report.html").read_text(encoding="utf-8")
    assert title not in without


def test_who_is_named_changes_nothing_else(shown: Project) -> None:
    both = asked("svm_sc", "cnn2d_time_shift")
    assert shown.planned(*both) == {}
    assert shown.planned(*asked("cnn2d_time_shift", "svm_sc")) == REPORT
    assert shown.planned() == jobs(REPORT, GRAPH)
    assert shown.planned(*asked("svm_sc")) == TABLE
    more = asked("svm_sc", "cnn2d_time_shift", "cnn1d")
    assert shown.planned(*more) == jobs(TABLE, train_network=FOLDS)


def test_the_models_own_settings_reach_its_random_trainings(shown: Project) -> None:
    named = ["svm_sc", "cnn2d_time_shift"]
    planned = shown.planned(*asked(*named, **{"models.svm_sc.C": 1}))
    assert planned["train_svm"] == 2 * FOLDS
    assert planned["random_premium"] == planned["figure_random_premium"] == 1
    assert "train_network" not in planned
    planned = shown.planned(*asked(*named, **{"protocol.seed": 1}))
    assert planned["random_splits"] == planned["splits"] == 1
    planned = shown.planned(*asked(*named, **{"evaluation.resamples": 300}))
    assert planned["random_premium"] == 1
    assert "train_svm" not in planned


def test_nothing_is_random_where_no_model_is_named(finished: Project) -> None:
    run = finished.snakemake("results/tiny/evaluation/random_premium.tsv", "-n")
    assert run.code != 0
    assert "MissingRuleException" in run.output
