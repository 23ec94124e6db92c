"""The rows of one model, or of a baseline, in the evaluation's tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.evaluation import baseline_names, discrimination, metrics
from serflow.evaluation.entrants import Entrant
from serflow.evaluation.outcomes import Outcomes, Row

Table = list[dict[str, Any]]


def areas(one: Entrant, outcomes: Outcomes) -> metrics.Floats:
    """Return the area under the ROC curve of each class, shape (seeds, classes)."""
    folds = len(outcomes.fold_numbers)
    return np.stack(
        [
            discrimination.roc_auc(scores, outcomes.truth, outcomes.fold_of, folds)
            for scores in one.scores
        ]
    )


def scores(
    one: Entrant,
    outcomes: Outcomes,
    counts: NDArray[np.number],
    areas: metrics.Floats,
    per_fold: Table,
) -> dict[str, Any]:
    """Return a model's scores over all tested clips, as the table `models` has them."""
    uar = metrics.uar(counts)
    by_fold: dict[int, list[float]] = {}
    for row in per_fold:
        by_fold.setdefault(row["fold"], []).append(row["uar"])
    return {
        "uar": _over_seeds(uar),
        "uar_seed_sd": _deviation(uar),
        "uar_fold_sd": _deviation([float(np.mean(scores)) for scores in by_fold.values()]),
        "accuracy": _over_seeds(metrics.accuracy(counts)),
        "macro_f1": _over_seeds(metrics.macro_f1(counts)),
        "roc_auc": _over_seeds(metrics.mean_known(areas)),
        "clips": len(outcomes.clips),
        "speakers": len(outcomes.known_speakers),
        "folds": len(outcomes.fold_numbers),
        "seeds": len(one.seeds),
    }


def training(records: Sequence[Row]) -> dict[str, Any]:
    """Return what the training records tell; a baseline has none."""
    if not records:
        return {
            "family": baseline_names.FAMILY,
            "features": "",
            "parameters": None,
            "train_seconds": None,
            "predict_ms_per_clip": None,
        }
    parameters = _mean(record["parameters"] for record in records)
    return {
        "family": records[0]["family"],
        "features": records[0]["features"],
        "parameters": None if parameters is None else round(parameters),
        "train_seconds": _mean(record["train_seconds"] for record in records),
        "predict_ms_per_clip": _mean(record["predict_ms_per_clip"] for record in records),
    }


def per_class(
    one: Entrant, outcomes: Outcomes, counts: NDArray[np.number], areas: metrics.Floats
) -> Table:
    """Return a model's rows of the table `per_class`."""
    clips = np.bincount(outcomes.truth, minlength=len(outcomes.classes)).tolist()
    return [
        {
            "model": one.name,
            "label": label,
            "recall": recall,
            "precision": precision,
            "f1": f1,
            "roc_auc": area,
            "clips": clips[place],
        }
        for place, (label, recall, precision, f1, area) in enumerate(
            zip(
                outcomes.classes,
                _each_over_seeds(metrics.recalls(counts)),
                _each_over_seeds(metrics.precisions(counts)),
                _each_over_seeds(metrics.f1_scores(counts)),
                _each_over_seeds(areas),
                strict=True,
            )
        )
    ]


def per_speaker(one: Entrant, outcomes: Outcomes) -> Table:
    """Return a model's rows of the table `per_speaker`."""
    counts = one.counts_by(outcomes.speaker_of, len(outcomes.known_speakers))
    clips = np.bincount(
        outcomes.speaker_of[outcomes.speaker_of >= 0], minlength=len(outcomes.known_speakers)
    )
    return [
        {"model": one.name, "speaker": speaker, "clips": number, "uar": uar, "accuracy": accuracy}
        for speaker, number, uar, accuracy in zip(
            outcomes.known_speakers,
            clips.tolist(),
            _each_over_seeds(metrics.uar(counts)),
            _each_over_seeds(metrics.accuracy(counts)),
            strict=True,
        )
    ]


def per_fold(one: Entrant, outcomes: Outcomes) -> Table:
    """Return a model's rows of the table `per_fold`."""
    counts = one.counts_by(outcomes.fold_of, len(outcomes.fold_numbers))
    clips = np.bincount(outcomes.fold_of).tolist()
    uar, accuracy = metrics.uar(counts), metrics.accuracy(counts)
    return [
        {
            "model": one.name,
            "fold": fold,
            "clips": clips[at],
            "speakers": outcomes.fold_speakers[at],
            "seed": seed,
            "uar": float(uar[place, at]),
            "accuracy": float(accuracy[place, at]),
        }
        for at, fold in enumerate(outcomes.fold_numbers)
        for place, seed in enumerate(one.seeds)
    ]


def confusion(model: str, outcomes: Outcomes, counts: NDArray[np.number]) -> Table:
    """Return a model's rows of the table `confusion`, summed over seeds."""
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


def _deviation(scores: metrics.Floats | Sequence[float]) -> float | None:
    """Return the standard deviation of a sample; None of a single number."""
    return float(np.std(scores, ddof=1)) if len(scores) > 1 else None


def _mean(values: Iterable[Any]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None
