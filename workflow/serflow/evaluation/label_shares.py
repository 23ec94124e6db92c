"""What a GAN's weights are worth as a start, by the share of the labels.

Both classifiers of a share were fitted to the same clips and tested on the same, so the difference
is paired; its interval and test resample speakers, with the seeds, each a draw of its own, averaged
inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from serflow.errors import UserError
from serflow.evaluation import baselines, comparisons, intervals, metrics
from serflow.evaluation.entrants import Guessing
from serflow.evaluation.outcomes import Outcomes

STARTS = ("gan", "random")
COLUMNS = (
    *("model", "share", "clips"),
    *(f"uar_{start}{more}" for start in STARTS for more in ("", "_low", "_high", "_seed_sd")),
    *("difference", "low", "high", "p_value", "p_holm"),
    *("tested", "speakers", "folds", "seeds"),
)
"""Columns of the table."""

Row = Mapping[str, str]
Job = tuple[int, int, Sequence[Row], Sequence[Row]]
"""Fold, seed, rows of the table of scores and of that of answers."""


def compare(model: str, jobs: Iterable[Job], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a model's rows of the table, one a share, see `COLUMNS`.

    Parameters
    ----------
    model
        Its name.
    jobs
        What its trainings left.
    settings
        `confidence` of the intervals, `resamples`, `seed`.

    Returns
    -------
    list of dict
        `clips` is the mean number of training clips with labels, `tested` counts test clips. A UAR
        is taken per seed over all tested clips, then averaged over seeds; `…_low` and `…_high` are
        the ends of its interval, `…_seed_sd` is its deviation over seeds (``None`` for one seed).
        `difference` is that of the start from the GAN less that from random weights, with its
        interval, and `p_holm` is corrected for the number of shares.

    Raises
    ------
    UserError
        If not every clip was tested once per seed.
    """
    jobs = list(jobs)
    columns = [(row["share"], row["start"]) for row in jobs[0][2]]
    shares = list(dict.fromkeys(share for share, _ in columns))
    if not shares:
        return []
    by_seed = _by_seed(model, jobs)
    first = by_seed[min(by_seed)]
    clips = sorted(first)
    classes = sorted(_told(by_seed, columns))
    number = {name: place for place, name in enumerate(classes)}
    speakers = [first[clip]["speaker"] for clip in clips]
    truth = np.array([number[first[clip]["label"]] for clip in clips])
    # Shape (share, start, seeds, clips).
    predicted = np.array(
        [
            [
                [
                    [number[of[clip][f"{start} {share}"]] for clip in clips]
                    for of in by_seed.values()
                ]
                for start in STARTS
            ]
            for share in shares
        ]
    )
    unit_of, _ = intervals.units(speakers)
    counts = metrics.confusion_by(unit_of, int(unit_of.max()) + 1, truth, predicted, len(classes))
    by_training = metrics.uar(counts.sum(axis=3))
    # Shape (units, share · start, classes).
    means = np.moveaxis(counts.mean(axis=2), 2, 0).reshape(-1, len(shares) * 2, *[len(classes)] * 2)
    correct, tested = np.diagonal(means, axis1=2, axis2=3), means[:, 0].sum(axis=-1)
    resampled = intervals.resampled_uar(
        correct, tested, resamples=settings["resamples"], seed=settings["seed"]
    )
    low, high = intervals.percentiles(resampled, settings["confidence"])
    parts = comparisons.parts(correct, tested)
    differences = parts[:, ::2] - parts[:, 1::2]
    ends = intervals.percentiles(resampled[:, ::2] - resampled[:, 1::2], settings["confidence"])
    p_values = comparisons.sign_flip_p(differences, seed=settings["seed"])
    p_holm = comparisons.holm(p_values)
    given = {
        share: float(np.mean([int(r["clips"]) for j in jobs for r in j[2] if r["share"] == share]))
        for share in shares
    }
    rows = []
    for place, share in enumerate(shares):
        row: dict[str, Any] = {"model": model, "share": float(share), "clips": given[share]}
        for which, start in enumerate(STARTS):
            of_seeds = by_training[place, which]
            row |= {
                f"uar_{start}": float(of_seeds.mean()),
                f"uar_{start}_low": float(low[2 * place + which]),
                f"uar_{start}_high": float(high[2 * place + which]),
                f"uar_{start}_seed_sd": float(of_seeds.std(ddof=1)) if len(of_seeds) > 1 else None,
            }
        rows.append(
            row
            | {
                "difference": float(differences[:, place].sum()),
                "low": float(ends[0][place]),
                "high": float(ends[1][place]),
                "p_value": float(p_values[place]),
                "p_holm": float(p_holm[place]),
                "tested": len(clips),
                "speakers": len(set(speakers) - {""}),
                "folds": len({fold for fold, *_ in jobs}),
                "seeds": len(by_seed),
            }
        )
    return rows


def guessed(
    model: str,
    jobs: Iterable[Job],
    settings: Mapping[str, Any],
    training: Mapping[int, Mapping[str, int]],
) -> list[dict[str, Any]]:
    """Return the baselines' rows of the table, see `COLUMNS`; nothing where nothing was compared.

    Parameters
    ----------
    model, jobs, settings
        As for `compare`. Whose jobs they are does not matter, as all models have the same folds.
    training
        Labels of each fold's training side, of `serflow.evaluation.baselines.training_labels`.

    Returns
    -------
    list of dict
        A baseline starts from no weights, so it has the same UAR under both starts, no share, and
        is compared with nothing: the columns of these are ``None``.
    """
    jobs = list(jobs)
    columns = [(row["share"], row["start"]) for row in jobs[0][2]]
    if not columns:
        return []
    by_seed = _by_seed(model, jobs)
    seed = min(by_seed)
    first = by_seed[seed]
    clips = sorted(first)
    fold_of = {row["clip"]: fold for fold, of, _, answers in jobs if of == seed for row in answers}
    classes = sorted(_told(by_seed, columns).union(*training.values()))
    number = {name: place for place, name in enumerate(classes)}
    outcomes = Outcomes(
        classes=tuple(classes),
        clips=tuple(clips),
        speakers=tuple(first[clip]["speaker"] for clip in clips),
        truth=np.array([number[first[clip]["label"]] for clip in clips], dtype=np.int64),
        folds=np.array([fold_of[clip] for clip in clips], dtype=np.int64),
        seeds={},
        predicted={},
        probabilities={},
    )
    unit_of, _ = intervals.units(outcomes.speakers)
    rows = []
    for name, guesses in baselines.guesses(outcomes, training).items():
        one = Guessing(name, outcomes, guesses)
        [counts] = one.counts_by(unit_of, int(unit_of.max()) + 1)
        correct, tested = np.diagonal(counts, axis1=1, axis2=2)[:, None], counts.sum(axis=-1)
        resampled = intervals.resampled_uar(
            correct, tested, resamples=settings["resamples"], seed=settings["seed"]
        )
        ends = intervals.percentiles(resampled[:, 0], settings["confidence"])
        scores = dict(
            zip(("", "_low", "_high"), (metrics.uar(counts.sum(axis=0)), *ends), strict=True)
        )
        rows.append(
            dict.fromkeys(COLUMNS)
            | {"model": name}
            | {f"uar_{start}{end}": float(of) for start in STARTS for end, of in scores.items()}
            | {
                "tested": len(clips),
                "speakers": len(outcomes.known_speakers),
                "folds": len(outcomes.fold_numbers),
                "seeds": len(one.seeds),
            }
        )
    return rows


def _by_seed(model: str, jobs: Iterable[Job]) -> dict[int, dict[str, Row]]:
    """Return the answers by seed and clip."""
    found: dict[int, dict[str, Row]] = {}
    for fold, seed, _, answers in jobs:
        of_seed = found.setdefault(seed, {})
        for row in answers:
            if row["clip"] in of_seed:
                raise _unequal(model, seed, f"{row['clip']} was tested again in fold {fold}")
            of_seed[row["clip"]] = row
    wanted = set().union(*found.values())
    for seed, of_seed in found.items():
        if missing := wanted - set(of_seed):
            raise _unequal(model, seed, f"{min(missing)} was not tested")
    return found


def _told(by_seed: Mapping[int, Mapping[str, Row]], columns: Iterable[tuple[str, str]]) -> set[str]:
    """Return all labels that some clip has or was taken for."""
    names = ["label", *(f"{start} {share}" for share, start in columns)]
    return {row[name] for of in by_seed.values() for row in of.values() for name in names}


def _unequal(model: str, seed: int, what: str) -> UserError:
    return UserError(
        f"label shares: model {model}, seed {seed}: {what}; wanted is every clip tested once per "
        f"seed; train it again (snakemake --forcerun train_gan)"
    )
