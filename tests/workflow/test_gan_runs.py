"""A network that starts from a GAN: its jobs, what they leave, and what makes them stale."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from project import BRIEF, CONFIGURATION, LABELS, Project, rows
from staleness import PAGES, command_line, jobs, library

FOLDS = CONFIGURATION["protocol"]["folds"]
SHARES = ("0.2", "1")
SETTINGS: dict[str, Any] = {
    "family": "gan_cnn2d",
    "size": [20, 12],
    "channels": [4, 8],
    # Enough to tell some clips apart: where all answers are the same, no test sees a wrong one.
    "epochs": 6,
    "learning_rate": 0.03,
    "gan_epochs": 2,
    "gan_batch_size": 4,
    "latent": 4,
    "label_shares": [0.2, 1],
}
GAN: dict[str, Any] = {
    **CONFIGURATION,
    "report": BRIEF,
    "models": {"svm_sc": CONFIGURATION["models"]["svm_sc"], "gan_cnn2d": SETTINGS},
}
FIGURES = {"figure_label_shares": 1, "figure_gan_samples": 1, "figure_curves": 1}
TRAINED = jobs(FIGURES, train_gan=FOLDS, label_shares=1)
TITLE = "Few labels: a start from unlabelled spectrograms"


@pytest.fixture(scope="module")
def shown(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished project with an SVM and a network that starts from a GAN as its only models."""
    project = finished.copy(tmp_path_factory.mktemp("gan") / "project")
    project.configure(GAN)
    made = project.build("report").jobs
    assert {rule: made.get(rule) for rule in TRAINED} == TRAINED
    assert not {"train_svm", "train_network", "pixels"} & set(made)
    return project


def keys(**changed: Any) -> list[str]:
    return command_line({f"models.gan_cnn2d.{key}": value for key, value in changed.items()})


def wanted(project: Project, *arguments: str) -> Mapping[str, int]:
    """Return the jobs of this network's own rules that a dry run wants."""
    planned = project.planned(*arguments)
    return {rule: count for rule, count in planned.items() if rule in TRAINED}


def test_each_fold_leaves_model_curves_samples_and_answers(shown: Project) -> None:
    for fold in range(FOLDS):
        run = f"gan_cnn2d/fold{fold}_seed0"
        assert (shown.results / "models" / f"{run}.safetensors").stat().st_size
        assert len(rows(shown.results / "curves" / f"{run}.tsv")) == SETTINGS["epochs"]
        losses = rows(shown.results / "gan" / "curves" / f"{run}.tsv")
        assert list(losses[0]) == ["epoch", "discriminator_loss", "generator_loss"]
        assert len(losses) == SETTINGS["gan_epochs"]
        with np.load(shown.results / "gan" / "samples" / f"{run}.npz") as images:
            assert images["generated"].shape[1:] == images["recorded"].shape[1:] == (20, 12)
    # The checkpoints of finished trainings are gone.
    assert not list(shown.results.glob("checkpoints/gan_cnn2d/*.pt"))


def test_answers_are_of_the_test_clips_and_the_model_s_own_with_all_labels(shown: Project) -> None:
    for fold in range(FOLDS):
        run = f"gan_cnn2d/fold{fold}_seed0.tsv"
        answers = rows(shown.results / "label_shares" / "answers" / run)
        told = rows(shown.results / "predictions" / run)
        assert [row["clip"] for row in answers] == [row["clip"] for row in told]
        assert [row["gan 1"] for row in answers] == [row["predicted"] for row in told]
        scores = rows(shown.results / "label_shares" / "scores" / run)
        named = [(row["share"], row["start"]) for row in scores]
        assert named == [(share, start) for share in SHARES for start in ("gan", "random")]
        for row in scores:
            right = [each[f"{row['start']} {row['share']}"] == each["label"] for each in answers]
            assert float(row["wa"]) == pytest.approx(sum(right) / len(right), abs=1e-5)
        training = sum(
            row["role"] == "train" and row["fold"] == str(fold)
            for row in rows(shown.results / "splits.tsv")
        )
        assert scores[-1]["clips"] == str(training)
        few = max(1, round(0.2 * training / len(LABELS))) * len(LABELS)
        assert scores[0]["clips"] == str(few)


def test_the_table_and_the_report_say_what_the_start_is_worth(
    shown: Project, finished: Project
) -> None:
    *found, chance, majority = rows(shown.results / "evaluation" / "label_shares.tsv")
    assert [(row["model"], row["share"]) for row in found] == [
        ("gan_cnn2d", share) for share in SHARES
    ]
    models = {row["model"]: row for row in rows(shown.results / "evaluation" / "models.tsv")}
    for name, row in (("chance", chance), ("majority", majority)):
        assert (row["model"], row["share"]) == (name, "")
        assert row["uar_gan"] == row["uar_random"] == models[name]["uar"]
    model = models["gan_cnn2d"]
    assert len({row[f"uar_{start}"] for row in found for start in ("gan", "random")}) > 1
    assert float(found[-1]["uar_gan"]) == pytest.approx(float(model["uar"]), abs=1e-5)
    for row in found:
        gain = float(row["uar_gan"]) - float(row["uar_random"])
        assert float(row["difference"]) == pytest.approx(gain, abs=2e-5)
    page = html.unescape((shown.results / "report" / "report.html").read_text(encoding="utf-8"))
    assert TITLE in page
    # Which of them is no matter of the workflow.
    sentences = ("Starting from the GAN", "No gain from the GAN", "gains from the GAN")
    assert any(seen in page for seen in sentences)
    assert page.count("data:image/png") >= 3
    without = (finished.results / "report" / "report.html").read_text(encoding="utf-8")
    assert TITLE not in without


def test_nothing_is_stale_after_the_run(shown: Project) -> None:
    assert shown.planned() == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"gan_epochs": 3},
        {"gan_batch_size": 6},
        {"latent": 5},
        {"label_shares": [0.4, 1]},
        {"learning_rate": 0.001},
    ],
    ids=str,
)
def test_its_keys_train_it_again(shown: Project, changed: dict[str, Any]) -> None:
    assert wanted(shown, *keys(**changed)) == TRAINED
    assert "train_svm" not in shown.planned(*keys(**changed))


def test_without_shares_nothing_is_compared(shown: Project) -> None:
    planned = shown.planned(*keys(label_shares=[]))
    assert planned["train_gan"] == FOLDS
    assert not {"label_shares", "figure_label_shares"} & set(planned)
    assert planned["figure_gan_samples"] == 1


def test_code_makes_stale_what_uses_it(shown: Project, tmp_path_factory: Any) -> None:
    def after(module: str) -> Mapping[str, int]:
        project = shown.copy(tmp_path_factory.mktemp("edited") / "project")
        library(module)(project)
        return project.planned()

    planned = after("networks/gan_training.py")
    assert {rule: planned.get(rule) for rule in TRAINED} == TRAINED
    assert planned.get("train_network") is planned.get("train_svm") is None
    assert after("evaluation/label_shares.py") == jobs(PAGES, label_shares=1, figure_label_shares=1)
    assert after("figures/gan_samples.py") == jobs(PAGES, figure_gan_samples=1)
    assert "train_gan" not in after("networks/crnn.py")


def test_random_folds_train_it_without_a_comparison(shown: Project) -> None:
    premium = command_line({"protocol.random_premium": ["gan_cnn2d"]})
    planned = shown.planned(*premium)
    assert planned["train_gan"] == FOLDS
    assert not {"label_shares", "train_network"} & set(planned)
