"""The random-split premium: what a model scores more where its test voices were heard in training.

Both scores are of the same clips and seeds, each clip tested once a seed, so the difference is
paired; its interval resamples speakers. What knows nothing of the sound is scored in the same way:
its majority is that of the training of the folds at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from serflow.evaluation import baselines, comparisons, intervals, metrics
from serflow.evaluation.entrants import Entrant, Guessing, Trained
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
    entrants = [Trained(name, outcomes) for name in outcomes.predicted]
    return _row(model, outcomes, entrants, len(folds), settings)


def guessed(
    model: str,
    independent: Iterable[Job],
    random: Iterable[Job],
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return the baselines' rows of the table of premiums, see `COLUMNS`.

    Parameters are those of `compare`, which is to be called first: it tells whether both were
    tested on the same clips. Whose jobs they are does not matter, as all models have the same
    folds.
    """
    own = gather({model: _first_seed(independent)})
    other = gather({training_name(model): _first_seed(random)})
    # Random folds test all clips of the corpus, others perhaps not.
    corpus = baselines.tested_labels(other)
    before = baselines.guesses(own, baselines.untested_labels(own, corpus))
    after = baselines.guesses(other, baselines.untested_labels(other, corpus))
    shared = np.isin(other.clips, own.clips)
    return [
        _row(
            name,
            own,
            [Guessing(name, own, before[name]), Guessing(name, own, after[name][shared])],
            len(own.fold_numbers),
            settings,
        )
        for name in before
    ]


def _first_seed(jobs: Iterable[Job]) -> Iterator[Job]:
    """Yield the jobs that have the seed of the first one: folds are the same under every seed."""
    first: int | None = None
    for fold, seed, rows in jobs:
        first = seed if first is None else first
        if seed == first:
            yield fold, seed, rows


def _row(
    name: str,
    outcomes: Outcomes,
    entrants: Sequence[Entrant],
    folds: int,
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the row of what was scored under the protocol's folds and under random ones."""
    correct, clips = _counts(outcomes, entrants)
    resampled = intervals.resampled_uar(
        correct, clips, resamples=settings["resamples"], seed=settings["seed"]
    )
    low, high = intervals.percentiles(resampled[:, 1] - resampled[:, 0], settings["confidence"])
    uar, uar_random = comparisons.parts(correct, clips).sum(axis=0).tolist()
    return {
        "model": name,
        "uar": uar,
        "uar_random": uar_random,
        "difference": uar_random - uar,
        "low": float(low),
        "high": float(high),
        "clips": len(outcomes.clips),
        "speakers": len(outcomes.known_speakers),
        "folds": folds,
        "seeds": len(entrants[0].seeds),
    }


def _counts(
    outcomes: Outcomes, entrants: Sequence[Entrant]
) -> tuple[metrics.Floats, metrics.Floats]:
    """Return right clips (units, entrants, classes), mean of seeds, and clips (units, classes)."""
    unit_of, _ = intervals.units(outcomes.speakers)
    right = []
    clips = np.zeros(())
    for one in entrants:
        counts = one.counts_by(unit_of, int(unit_of.max()) + 1).mean(axis=0)
        right.append(np.diagonal(counts, axis1=1, axis2=2))
        clips = counts.sum(axis=-1)
    return np.stack(right, axis=1), clips
