"""The evaluation's tables, from predictions and training records.

A model's UAR is taken per seed over all tested clips (folds pooled, as each clip is tested once),
then averaged over seeds. Intervals and tests resample speakers, with the seeds averaged inside each
resample. Two baselines that know nothing of the sound (`serflow.evaluation.baselines`) stand behind
the models, and are compared with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.evaluation import (
    attributes,
    baselines,
    calibration,
    comparisons,
    intervals,
    metrics,
    ranks,
    rows_of_model,
)
from serflow.evaluation.entrants import Entrant, Guessing, Trained
from serflow.evaluation.outcomes import Job, Outcomes, Row, gather
from serflow.evaluation.rows_of_model import Table

COLUMNS: dict[str, tuple[str, ...]] = {
    "models": (
        "model",
        "family",
        "features",
        "uar",
        "uar_low",
        "uar_high",
        "uar_seed_sd",
        "uar_fold_sd",
        "accuracy",
        "macro_f1",
        "roc_auc",
        "ece",
        "clips",
        "speakers",
        "folds",
        "seeds",
        "parameters",
        "train_seconds",
        "predict_ms_per_clip",
    ),
    "per_class": ("model", "label", "recall", "precision", "f1", "roc_auc", "clips"),
    "per_speaker": ("model", "speaker", "clips", "uar", "accuracy"),
    "per_attribute": (
        "attribute",
        "value",
        "model",
        "clips",
        "speakers",
        "labels",
        "uar",
        "uar_low",
        "uar_high",
        "accuracy",
        "accuracy_low",
        "accuracy_high",
    ),
    "per_fold": ("model", "fold", "seed", "clips", "speakers", "uar", "accuracy"),
    "confusion": ("model", "label", "predicted", "count", "share"),
    "calibration": ("model", "bin", "low", "high", "predictions", "confidence", "accuracy"),
    "comparisons": (
        "model_a",
        "model_b",
        "difference",
        "low",
        "high",
        "p_value",
        "p_holm",
        "speakers",
        "unit",
    ),
    "ranks": ("model", "mean_rank", "speakers", "friedman", "p_value"),
}
"""Columns of each table, in the order in which they are written."""


def evaluate(
    predictions: Mapping[str, Iterable[Job]],
    records: Mapping[str, Sequence[Row]],
    settings: Mapping[str, Any],
    clips: Sequence[Row],
    splits: Iterable[Row],
) -> dict[str, Table]:
    """Return all tables of the evaluation, see `COLUMNS`.

    Parameters
    ----------
    predictions
        For each model, in the order in which it is to be listed, its jobs: fold, seed, rows.
    records
        For each model the records of its jobs: `family`, `features`, `parameters`, `train_seconds`,
        `predict_ms_per_clip`. Numbers are averaged over jobs; None is left out.
    settings
        `confidence` of the intervals, `resamples`, `seed`.
    clips
        The clip table: `clip`, `label`, and attributes.
    splits
        `clip`, `fold`, `role` of every clip in every fold; gone through once.

    Returns
    -------
    dict
        Rows of each table. `clips` counts clips (once, whatever the number of seeds); `count` of
        the confusion table and `predictions` of the calibration table are summed over seeds; all
        scores are means over seeds. `uar_seed_sd` is the standard deviation of the UAR over seeds,
        `uar_fold_sd` that over folds of the fold's UAR (mean over seeds). What is not defined (the
        recall of a class without clips, a deviation of one number) is None. `per_speaker` leaves
        unknown speakers out. In `comparisons`, `speakers` is the number of known speakers, and
        `unit` says what was resampled: "speakers", or "clips" where speakers are not all known or
        there is only one. The baselines are in `models`, `per_class`, `per_speaker`,
        `per_attribute` and `per_fold`, behind the models.

    Raises
    ------
    UserError
        If models were not tested on the same clips, each once per seed.
    """
    outcomes = gather(predictions)
    models = [Trained(name, outcomes) for name in outcomes.predicted]
    training = baselines.training_labels({row["clip"]: row["label"] for row in clips}, splits)
    guessing = [
        Guessing(name, outcomes, guesses)
        for name, guesses in baselines.guesses(outcomes, training).items()
    ]
    entrants: list[Entrant] = [*models, *guessing]
    unit_of, unit = intervals.units(outcomes.speakers)
    correct, tested = unit_counts(outcomes, unit_of, entrants)
    resampled = intervals.resampled_uar(
        correct, tested, resamples=settings["resamples"], seed=settings["seed"]
    )
    low, high = intervals.percentiles(resampled, settings["confidence"])
    compared = comparisons.pairs(
        [model.name for model in models],
        correct[:, : len(models)],
        tested,
        resampled[:, : len(models)],
        confidence=settings["confidence"],
        seed=settings["seed"],
    )
    tables: dict[str, Table] = {name: [] for name in COLUMNS}
    tables["comparisons"] = [
        {**row, "speakers": len(outcomes.known_speakers), "unit": unit} for row in compared
    ]
    everything = np.zeros(len(outcomes.clips), dtype=np.int64)
    for place, one in enumerate(entrants):
        counts = one.counts_by(everything, 1)[:, 0]
        areas = rows_of_model.areas(one, outcomes)
        per_fold = rows_of_model.per_fold(one, outcomes)
        error = None
        if isinstance(one, Trained):
            bins = calibration.binned(one.scores.max(axis=-1), one.predicted == outcomes.truth)
            error = bins.error
            tables["calibration"] += bins.rows(one.name)
            tables["confusion"] += rows_of_model.confusion(one.name, outcomes, counts)
        tables["models"].append(
            {
                "model": one.name,
                **rows_of_model.scores(one, outcomes, counts, areas, per_fold),
                "uar_low": float(low[place]),
                "uar_high": float(high[place]),
                "ece": error,
                **rows_of_model.training(records.get(one.name, ())),
            }
        )
        tables["per_class"] += rows_of_model.per_class(one, outcomes, counts, areas)
        tables["per_speaker"] += rows_of_model.per_speaker(one, outcomes)
        tables["per_fold"] += per_fold
    for attribute in attributes.find(outcomes, clips):
        tables["per_attribute"] += attributes.scores(outcomes, entrants, attribute, settings)
    tables["ranks"] = _ranks(models, tables["per_speaker"])
    return tables


def unit_counts(
    outcomes: Outcomes, unit_of: NDArray[np.intp], entrants: Sequence[Entrant]
) -> tuple[metrics.Floats, metrics.Floats]:
    """Return right clips (units, entrants, classes), mean of seeds, and clips (units, classes)."""
    classes = len(outcomes.classes)
    units = int(unit_of.max()) + 1
    cell = unit_of * classes + outcomes.truth
    clips = np.bincount(cell, minlength=units * classes).astype(float)
    right = [np.bincount(cell, weights=one.right, minlength=units * classes) for one in entrants]
    correct = np.stack(right, axis=1).reshape(units, classes, len(right)).astype(float)
    return correct.swapaxes(1, 2), clips.reshape(units, classes)


def _ranks(models: Sequence[Trained], per_speaker: Table) -> Table:
    by_model: dict[str, list[float]] = {}
    for row in per_speaker:
        by_model.setdefault(row["model"], []).append(row["uar"])
    names = [model.name for model in models]
    return ranks.ranks(names, np.transpose([by_model.get(name, []) for name in names]))
