"""The tables of the models that estimate a number.

A model's scores are taken per seed over all tested clips (folds pooled, as each clip is tested
once), then averaged over seeds; intervals resample speakers, with the seeds averaged inside each
resample, as those of the classifiers do (`serflow.evaluation.tables`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError
from serflow.evaluation import intervals, regression
from serflow.evaluation.baseline_names import FAMILY
from serflow.evaluation.estimates import Job
from serflow.evaluation.metrics import Floats

MEAN = "training mean"
"""What the baseline is called; no model can be, for a model's name has no space."""
METRICS = ("pearson", "ccc", "rmse")
COSTS = ("parameters", "train_seconds", "predict_ms_per_clip")
COLUMNS = (
    *("model", "target", "family", "features"),
    *(f"{metric}{end}" for metric in METRICS for end in ("", "_low", "_high")),
    *("clips", "speakers", "folds", "seeds"),
    *COSTS,
)
FOLD_COLUMNS = ("model", "target", "fold", "seed", "clips", "speakers", *METRICS)
"""Columns of the table of all trainings."""
ROUNDING = 1e-12
"""Share of the squares that floating-point numbers may be wrong by."""
Row = Mapping[str, Any]
Table = list[dict[str, Any]]


@dataclass(frozen=True)
class Estimates:
    """What one model says of the tested clips.

    Attributes
    ----------
    clips, speakers
        Names of the tested clips, sorted, and of their speakers ("" unknown).
    truth
        The true numbers, shape (clips,).
    folds
        Fold that tests each clip, shape (clips,).
    seeds
        Sorted.
    estimates
        Shape (seeds, clips).
    """

    clips: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: Floats
    folds: NDArray[np.int64]
    seeds: tuple[int, ...]
    estimates: Floats


def costs(records: Sequence[Row]) -> dict[str, float]:
    """Return the `COSTS` of a model: means over the records of its trainings."""
    means = {key: fmean(float(record[key]) for record in records) for key in COSTS}
    return {**means, "parameters": round(means["parameters"])}


def gather(model: str, jobs: Iterable[Job]) -> Estimates:
    """Lay out a model's estimates.

    Raises
    ------
    UserError
        If a clip was not tested exactly once a seed.
    """
    facts: dict[str, tuple[str, float, int]] = {}
    by_seed: dict[int, dict[str, float]] = {}
    for fold, seed, rows in jobs:
        told = by_seed.setdefault(seed, {})
        for row in rows:
            clip = row["clip"]
            fact = (row["speaker"], float(row["truth"]), fold)
            if clip in told or facts.setdefault(clip, fact) != fact:
                raise _unequal(model, seed, f"{clip} was tested twice, or not as with other seeds")
            told[clip] = float(row["estimate"])
    clips = tuple(sorted(facts))
    for seed, told in by_seed.items():
        missing = sorted(set(clips) - set(told))
        if missing:
            raise _unequal(model, seed, f"{missing[0]} was not tested")
    return Estimates(
        clips=clips,
        speakers=tuple(facts[clip][0] for clip in clips),
        truth=np.array([facts[clip][1] for clip in clips]),
        folds=np.array([facts[clip][2] for clip in clips]),
        seeds=tuple(sorted(by_seed)),
        estimates=np.array([[by_seed[seed][clip] for clip in clips] for seed in sorted(by_seed)]),
    )


def evaluate(
    predictions: Mapping[str, Iterable[Job]],
    models: Mapping[str, Row],
    settings: Mapping[str, Any],
    clips: Sequence[Row],
    splits: Iterable[Row],
) -> tuple[Table, Table]:
    """Return the tables of the models that estimate a number.

    Parameters
    ----------
    predictions
        For each model, in the order in which it is to be listed, its jobs: fold, seed, rows.
    models
        By model its `target`, `family`, `features` and `costs`.
    settings
        `confidence` of the intervals, `resamples`, `seed`.
    clips
        The clip table: `clip` and the columns that are estimated.
    splits
        `clip`, `fold`, `role` of every clip in every fold; gone through once.

    Returns
    -------
    list of dict
        A row a model, see `COLUMNS`; behind the models of a target the baseline, which gives every
        clip the mean of its fold's training clips, validation included. Its correlations are 0: it
        is the same for all clips of a fold. (Over pooled folds they would be below zero, because a
        fold that tests high numbers trains on lower ones; that is no property of what it knows.)
        `speakers` counts known speakers.
    list of dict
        A row a training, see `FOLD_COLUMNS`.

    Raises
    ------
    UserError
        If a model did not test each of its clips exactly once a seed.
    """
    cells = {row["clip"]: row for row in clips}
    wanted = dict.fromkeys(models[name]["target"] for name in predictions)
    means = _training_means(cells, splits, wanted)
    rows, trainings = [], []
    tested: dict[str, Estimates] = {}
    for name, jobs in predictions.items():
        told = {key: models[name][key] for key in ("target", "family", "features", *COSTS)}
        tested[told["target"]] = found = gather(name, jobs)
        rows.append({"model": name, **told, **_scored(found, settings)})
        trainings += _per_fold(name, told["target"], found)
    for target, found in tested.items():
        guesses = np.array([[means[target, fold] for fold in found.folds.tolist()]])
        told = {"model": MEAN, "target": target, "family": FAMILY, "features": None}
        scores = _scored(replace(found, estimates=guesses), settings)
        unknown = [f"{metric}{end}" for metric in METRICS[:2] for end in ("_low", "_high")]
        known = {"pearson": 0.0, "ccc": 0.0, **dict.fromkeys((*unknown, "seeds"))}
        rows.append({**told, **scores, **known, **dict.fromkeys(COSTS)})
    place = {target: number for number, target in enumerate(wanted)}
    # Python's sort keeps the order of equals.
    return sorted(rows, key=lambda row: place[row["target"]]), trainings


def _per_fold(model: str, target: str, found: Estimates) -> Table:
    """Return a model's rows of the table of all trainings."""
    rows = []
    for fold in np.unique(found.folds).tolist():
        tested = found.folds == fold
        heard = {one for one, own in zip(found.speakers, tested, strict=True) if own} - {""}
        for seed, estimates in zip(found.seeds, found.estimates, strict=True):
            scores = {
                metric: getattr(regression, metric)(found.truth[tested], estimates[tested])
                for metric in METRICS
            }
            rows.append(
                {
                    "model": model,
                    "target": target,
                    "fold": fold,
                    "seed": seed,
                    "clips": int(tested.sum()),
                    "speakers": len(heard),
                    **scores,
                }
            )
    return rows


def _training_means(
    cells: Mapping[str, Row], splits: Iterable[Row], targets: Iterable[str]
) -> dict[tuple[str, int], float]:
    """Return the mean of each target's column over each fold's training side."""
    sums: dict[tuple[str, int], list[float]] = {}
    targets = list(targets)
    for row in splits:
        if row["role"] == "test":
            continue
        for target in targets:
            total = sums.setdefault((target, int(row["fold"])), [0.0, 0])
            total[0] += float(cells[row["clip"]][target])
            total[1] += 1
    return {key: total / count for key, (total, count) in sums.items()}


def _scored(found: Estimates, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return all cells of a row but its names."""
    resampled = _resampled(found, settings["resamples"], settings["seed"])
    cells: dict[str, Any] = {}
    for metric, values in zip(METRICS, resampled.T, strict=True):
        of_seeds = [getattr(regression, metric)(found.truth, one) for one in found.estimates]
        low, high = intervals.percentiles(values, settings["confidence"])
        cells |= {
            metric: float(np.mean(of_seeds)),
            f"{metric}_low": float(low),
            f"{metric}_high": float(high),
        }
    return {
        **cells,
        "clips": len(found.clips),
        "speakers": len(set(found.speakers) - {""}),
        "folds": len(set(found.folds.tolist())),
        "seeds": len(found.estimates),
    }


def _resampled(found: Estimates, resamples: int, seed: int) -> Floats:
    """Return the metrics over resampled units, mean over seeds, shape (resamples, metrics)."""
    unit_of, _ = intervals.units(found.speakers)
    # About the truth's mean, so that the squares of large numbers take no digits from the rest.
    centre = found.truth.mean()
    true = np.broadcast_to(found.truth - centre, found.estimates.shape)
    given = found.estimates - centre
    parts = [np.ones_like(given), true, given, true**2, given**2, true * given]
    # Sums over the clips of each unit, shape (units, seeds x parts).
    sums = np.zeros((int(unit_of.max()) + 1, len(given), len(parts)))
    np.add.at(sums, unit_of, np.stack(parts, axis=-1).swapaxes(0, 1))
    flat = sums.reshape(len(sums), -1)
    scores = [
        _of_sums((weights @ flat).reshape(-1, *sums.shape[1:])).mean(axis=1)
        for weights in intervals.draws(len(sums), resamples, seed, flat.shape[1])
    ]
    return np.concatenate(scores)


def _of_sums(sums: Floats) -> Floats:
    """Return `METRICS` (..., 3) of sums (..., 6): clips, t, e, t², e², te."""
    means = sums[..., 1:] / sums[..., :1]
    true, given, true2, given2, product = np.moveaxis(means, -1, 0)
    errors = np.maximum(true2 + given2 - 2 * product, 0)
    # What rounding leaves of the variance of a constant is none.
    least = ROUNDING * (true2 + given2)
    varies, varies_too = true2 - true**2, given2 - given**2
    some = (varies > least) & (varies_too > least)
    covariance = product - true * given
    below = np.where(some, varies * varies_too, 1.0)
    correlation = np.clip(covariance / np.sqrt(below), -1, 1)
    concordance = 2 * covariance / np.where(some, varies + varies_too + (true - given) ** 2, 1.0)
    return np.stack([correlation * some, concordance * some, np.sqrt(errors)], axis=-1)


def _unequal(model: str, seed: int, what: str) -> UserError:
    return UserError(
        f"evaluation: model {model}, seed {seed}: {what}; wanted is every clip tested once per "
        "seed; make its predictions again (snakemake --forcerun on "
        f"results/…/predictions/{model}/)"
    )
