"""What a run says at its end, by tables whose numbers are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from serflow.report.closing import closing
from serflow.tables import write_tsv

COUNTS = {"clips": 16, "speakers": 4, "folds": 2, "seeds": 1}
MODELS = [("svm_sc", "svm", 0.5), ("svm_sbe", "svm", 0.6), ("cnn1d", "cnn1d", 0.7)]


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    write_tsv(folder / f"{name}.tsv", rows, list(rows[0]))


def models(folder: Path, given: list[tuple[str, str, float]]) -> None:
    told = [*given, ("chance", "baseline", 0.25)]
    write(
        folder,
        "models",
        [
            {
                "model": model,
                "family": family,
                "uar": uar,
                "uar_low": uar - 0.1,
                "uar_high": uar + 0.1,
                **COUNTS,
            }
            for model, family, uar in told
        ],
    )


def comparison(folder: Path, pair: tuple[str, str], found: tuple[float, float, float, float]):
    cells = dict(zip(("difference", "low", "high", "p_holm"), found, strict=True))
    write(folder, "comparisons", [{"model_a": pair[0], "model_b": pair[1], **cells}])


def test_the_highest_score_is_told_with_its_interval_and_counts(tmp_path: Path):
    models(tmp_path, MODELS)
    assert closing(tmp_path, 0.95) == [
        "Highest UAR: cnn1d, 0.700 [0.600, 0.800] "
        "(chance is 0.250; 95\u202f% interval, 16 clips, 4 speakers, 2 folds, 1 seed)"
    ]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            (-0.1, -0.2, 0.05, 1.0),
            "+0.100 [−0.050, +0.200]; which of the two is better cannot be told",
        ),
        (
            (-0.1, -0.2, -0.05, 0.2),
            "+0.100 [+0.050, +0.200]; it seems better, which the corrected test does not confirm",
        ),
        ((-0.1, -0.2, -0.05, 0.01), "+0.100 [+0.050, +0.200]; cnn1d is better"),
    ],
)
def test_the_best_of_the_other_kind_is_compared_whichever_way_the_pair_stands(
    tmp_path: Path, found: tuple[float, float, float, float], words: str
):
    models(tmp_path, MODELS)
    comparison(tmp_path, ("svm_sbe", "cnn1d"), found)
    assert closing(tmp_path, 0.95)[1] == f"Against the best SVM, svm_sbe: {words}"


def test_of_one_kind_alone_the_runner_up_is_compared(tmp_path: Path):
    models(tmp_path, MODELS[:2])
    comparison(tmp_path, ("svm_sbe", "svm_sc"), (0.1, 0.05, 0.2, 0.01))
    line = "Against the runner-up, svm_sc: +0.100 [+0.050, +0.200]; svm_sbe is better"
    assert closing(tmp_path, 0.95)[1] == line


def test_random_folds_go_before_the_speakers(tmp_path: Path):
    models(tmp_path, MODELS)
    rows = [("1", 0.4), ("2", 0.9), ("", 0.1)]
    speakers = [{"model": "cnn1d", "speaker": speaker, "uar": uar} for speaker, uar in rows]
    write(tmp_path, "per_speaker", speakers)
    by_speaker = "By speaker: cnn1d reaches from 0.400 (speaker 1) to 0.900 (speaker 2)"
    assert closing(tmp_path, 0.95)[1:] == [by_speaker]
    cells = {"uar": 0.6, "uar_random": 0.8, "difference": 0.2, "low": 0.1, "high": 0.3}
    write(
        tmp_path,
        "random_premium",
        [{"model": name, **cells} for name in ("svm_sbe", "chance")],
    )
    assert closing(tmp_path, 0.95)[1:] == [
        "Under random folds: svm_sbe would have claimed 0.800 instead of 0.600, "
        "+0.200 [+0.100, +0.300]"
    ]


def test_estimated_numbers_are_told_by_target(tmp_path: Path):
    def row(model: str, family: str, ccc: float, rmse: float) -> dict[str, Any]:
        limits = {"ccc_low": -0.05, "ccc_high": 0.2}
        told = {"model": model, "target": "age", "family": family}
        return {**told, "ccc": ccc, **limits, "rmse": rmse, **COUNTS}

    rows = [row("a", "cnn1d", -0.02, 9), row("b", "cnn2d", 0.1, 8.25)]
    write(tmp_path, "regression", [*rows, row("training mean", "baseline", 0, 8)])
    assert closing(tmp_path, 0.9) == [
        "Highest CCC for age: b, 0.100 [−0.050, 0.200]; its RMSE is 8.25 (the training mean: "
        "8.00) (90\u202f% interval, 16 clips, 4 speakers, 2 folds, 1 seed)"
    ]


def test_what_is_missing_or_damaged_is_not_told(tmp_path: Path):
    assert closing(tmp_path, 0.95) == []
    (tmp_path / "models.tsv").write_text("model\tuar\na\t0.5\n", encoding="utf-8")
    assert closing(tmp_path, 0.95) == []
