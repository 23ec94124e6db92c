"""The evaluation's tables, from predictions and training records.

A model's UAR is taken per seed over all tested clips (folds pooled, as each clip is tested once),
then averaged over seeds. Intervals and tests resample speakers, with the seeds averaged inside each
resample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.evaluation import comparisons, intervals, metrics
from serflow.evaluation.outcomes import Job, Outcomes, Row, gather

Table = list[dict[str, Any]]

COLUMNS: dict[str, tuple[str, ...]] = {
    "models": (
        "model",
        "family",
        "features",
        "uar",
        "uar_low",
        "uar_high",
        "accuracy",
        "macro_f1",
        "clips",
        "speakers",
        "folds",
        "seeds",
        "parameters",
        "train_seconds",
        "predict_ms_per_clip",
    ),
    "per_class": ("model", "label", "recall", "precision", "f1", "clips"),
    "per_speaker": ("model", "speaker", "clips", "uar", "accuracy"),
    "per_fold": ("model", "fold", "seed", "clips", "speakers", "uar", "accuracy"),
    "confusion": ("model", "label", "predicted", "count", "share"),
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
}
"""Columns of each table, in the order in which they are written."""


def evaluate(
    predictions: Mapping[str, Iterable[Job]],
    records: Mapping[str, Sequence[Row]],
    settings: Mapping[str, Any],
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

    Returns
    -------
    dict
        Rows of each table. `clips` counts clips (once, whatever the number of seeds); `count` of
        the confusion table is summed over seeds; all scores are means over seeds. What is not
        defined (the recall of a class without clips) is None. `per_speaker` leaves unknown speakers
        out. In `comparisons`, `speakers` is the number of known speakers, and `unit` says what was
        resampled: "speakers", or "clips" where speakers are not all known or there is only one.

    Raises
    ------
    UserError
        If models were not tested on the same clips, each once per seed.
    """
    outcomes = gather(predictions)
    unit_of, unit = intervals.units(outcomes.speakers)
    models = list(outcomes.predicted)
    correct, clips = unit_counts(outcomes, unit_of)
    resampled = intervals.resampled_uar(
        correct, clips, resamples=settings["resamples"], seed=settings["seed"]
    )
    low, high = intervals.percentiles(resampled, settings["confidence"])
    counts = {
        model: metrics.confusion(outcomes.truth, predicted, len(outcomes.classes))
        for model, predicted in outcomes.predicted.items()
    }
    compared = comparisons.pairs(
        models, correct, clips, resampled, confidence=settings["confidence"], seed=settings["seed"]
    )
    tables: dict[str, Table] = {
        "models": [],
        "per_class": [],
        "per_speaker": [],
        "per_fold": [],
        "confusion": [],
        "comparisons": [
            {**row, "speakers": len(outcomes.known_speakers), "unit": unit} for row in compared
        ],
    }
    for place, model in enumerate(models):
        interval = float(low[place]), float(high[place])
        tables["models"].append(
            _model_row(model, outcomes, counts[model], interval, records[model])
        )
        tables["per_class"] += _per_class(model, outcomes, counts[model])
        tables["per_speaker"] += _per_speaker(model, outcomes)
        tables["per_fold"] += _per_fold(model, outcomes)
        tables["confusion"] += _confusion(model, outcomes, counts[model])
    return tables


def unit_counts(
    outcomes: Outcomes, unit_of: NDArray[np.intp]
) -> tuple[metrics.Floats, metrics.Floats]:
    """Return right clips (units, models, classes), mean of seeds, and clips (units, classes)."""
    classes = len(outcomes.classes)
    units = int(unit_of.max()) + 1
    cell = unit_of * classes + outcomes.truth
    clips = np.bincount(cell, minlength=units * classes).astype(float)
    right = [
        np.bincount(
            cell, weights=(predicted == outcomes.truth).mean(axis=0), minlength=units * classes
        )
        for predicted in outcomes.predicted.values()
    ]
    correct = np.stack(right, axis=1).reshape(units, classes, len(right)).astype(float)
    return correct.swapaxes(1, 2), clips.reshape(units, classes)


def _model_row(
    model: str,
    outcomes: Outcomes,
    counts: NDArray[np.int64],
    interval: tuple[float, float],
    records: Sequence[Row],
) -> dict[str, Any]:
    parameters = _mean(record["parameters"] for record in records)
    return {
        "model": model,
        "family": records[0]["family"],
        "features": records[0]["features"],
        "uar": _over_seeds(metrics.uar(counts)),
        "uar_low": interval[0],
        "uar_high": interval[1],
        "accuracy": _over_seeds(metrics.accuracy(counts)),
        "macro_f1": _over_seeds(metrics.macro_f1(counts)),
        "clips": len(outcomes.clips),
        "speakers": len(outcomes.known_speakers),
        "folds": len(outcomes.fold_numbers),
        "seeds": len(outcomes.seeds[model]),
        "parameters": None if parameters is None else round(parameters),
        "train_seconds": _mean(record["train_seconds"] for record in records),
        "predict_ms_per_clip": _mean(record["predict_ms_per_clip"] for record in records),
    }


def _per_class(model: str, outcomes: Outcomes, counts: NDArray[np.int64]) -> Table:
    clips = np.bincount(outcomes.truth, minlength=len(outcomes.classes)).tolist()
    return [
        {
            "model": model,
            "label": label,
            "recall": recall,
            "precision": precision,
            "f1": f1,
            "clips": clips[place],
        }
        for place, (label, recall, precision, f1) in enumerate(
            zip(
                outcomes.classes,
                _each_over_seeds(metrics.recalls(counts)),
                _each_over_seeds(metrics.precisions(counts)),
                _each_over_seeds(metrics.f1_scores(counts)),
                strict=True,
            )
        )
    ]


def _per_speaker(model: str, outcomes: Outcomes) -> Table:
    counts = metrics.confusion_by(
        outcomes.speaker_of,
        len(outcomes.known_speakers),
        outcomes.truth,
        outcomes.predicted[model],
        len(outcomes.classes),
    )
    return [
        {"model": model, "speaker": speaker, "clips": clips, "uar": uar, "accuracy": accuracy}
        for speaker, clips, uar, accuracy in zip(
            outcomes.known_speakers,
            counts[0].sum(axis=(-2, -1)).tolist(),
            _each_over_seeds(metrics.uar(counts)),
            _each_over_seeds(metrics.accuracy(counts)),
            strict=True,
        )
    ]


def _per_fold(model: str, outcomes: Outcomes) -> Table:
    counts = metrics.confusion_by(
        outcomes.fold_of,
        len(outcomes.fold_numbers),
        outcomes.truth,
        outcomes.predicted[model],
        len(outcomes.classes),
    )
    clips = counts[0].sum(axis=(-2, -1)).tolist()
    uar, accuracy = metrics.uar(counts), metrics.accuracy(counts)
    return [
        {
            "model": model,
            "fold": fold,
            "clips": clips[at],
            "speakers": outcomes.fold_speakers[at],
            "seed": seed,
            "uar": float(uar[place, at]),
            "accuracy": float(accuracy[place, at]),
        }
        for at, fold in enumerate(outcomes.fold_numbers)
        for place, seed in enumerate(outcomes.seeds[model])
    ]


def _confusion(model: str, outcomes: Outcomes, counts: NDArray[np.int64]) -> Table:
    summed = counts.sum(axis=0)
    rows = []
    for true, label in enumerate(outcomes.classes):
        total = int(summed[true].sum())
        for place, predicted in enumerate(outcomes.classes):
            count = int(summed[true, place])
            share = count / total if total else None
            rows.append(
                {
                    "model": model,
                    "label": label,
                    "predicted": predicted,
                    "count": count,
                    "share": share,
                }
            )
    return rows


def _over_seeds(scores: metrics.Floats) -> float | None:
    return _each_over_seeds(scores[:, None])[0]


def _each_over_seeds(scores: metrics.Floats) -> list[float | None]:
    """Return the mean of each column of (seeds, columns) over what is known; None of nothing."""
    # Contiguous along the seeds: sums are then made in one order, however many columns there are.
    means = metrics.mean_known(np.ascontiguousarray(scores.T)).tolist()
    return [None if np.isnan(mean) else mean for mean in means]


def _mean(values: Iterable[Any]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None
