"""The random-split premium: what a model scores more where its test voices were heard in training.

Both scores are of the same clips and seeds, each clip tested once a seed, so the difference is
paired; its interval resamples speakers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from serflow.evaluation import comparisons, intervals, metrics
from serflow.evaluation.outcomes import Job, Outcomes, gather
from serflow.splitting.premium import training_name

COLUMNS = (
    *("model", "uar", "uar_random", "difference", "low", "high"),
    *("clips", "speakers", "folds", "seeds"),
)


def compare(
    model: str,
    independent: Iterable[Job],
    random: Iterable[Job],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a model's row of the table of premiums, see `COLUMNS`.

    Parameters
    ----------
    model
        Its name.
    independent, random
        Its jobs (fold, seed, rows of predictions) under the protocol's folds and under random ones.
        Where the protocol tests some of the speakers only, only their clips count on both sides.
    settings
        `confidence` of the interval, `resamples`, `seed`.

    Returns
    -------
    dict
        `uar` and `uar_random` are means over seeds; `difference` is the second less the first, and
        `low` and `high` are the ends of its interval.

    Raises
    ------
    UserError
        If the two were not tested on the same clips, each once per seed.
    """
    folds: set[int] = set()
    tested: set[str] = set()
    kept: list[Job] = []
    for fold, seed, rows in independent:
        listed = list(rows)
        folds.add(fold)
        tested.update(row["clip"] for row in listed)
        # The two number other folds: a clip's fold is none of its facts here.
        kept.append((0, seed, listed))
    others = ((0, seed, [row for row in rows if row["clip"] in tested]) for _, seed, rows in random)
    outcomes = gather({model: kept, training_name(model): others})
    correct, clips = _counts(outcomes)
    resampled = intervals.resampled_uar(
        correct, clips, resamples=settings["resamples"], seed=settings["seed"]
    )
    low, high = intervals.percentiles(resampled[:, 1] - resampled[:, 0], settings["confidence"])
    uar, uar_random = comparisons.parts(correct, clips).sum(axis=0).tolist()
    return {
        "model": model,
        "uar": uar,
        "uar_random": uar_random,
        "difference": uar_random - uar,
        "low": float(low),
        "high": float(high),
        "clips": len(outcomes.clips),
        "speakers": len(outcomes.known_speakers),
        "folds": len(folds),
        "seeds": len(outcomes.seeds[model]),
    }


def _counts(outcomes: Outcomes) -> tuple[metrics.Floats, metrics.Floats]:
    """Return right clips (units, 2, classes), mean of seeds, and clips (units, classes)."""
    unit_of, _ = intervals.units(outcomes.speakers)
    right = []
    clips = np.zeros(())
    for predicted in outcomes.predicted.values():
        counts = metrics.confusion_by(
            unit_of, int(unit_of.max()) + 1, outcomes.truth, predicted, len(outcomes.classes)
        ).mean(axis=0)
        right.append(np.diagonal(counts, axis1=1, axis2=2))
        clips = counts.sum(axis=-1)
    return np.stack(right, axis=1), clips
