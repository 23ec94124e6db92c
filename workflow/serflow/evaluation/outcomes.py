"""Predictions of all models, checked to be of the same clips and laid out as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError

Row = Mapping[str, Any]
Job = tuple[int, int, Sequence[Row]]
"""Fold, seed, and the rows (`clip`, `speaker`, `label`, `predicted`) of one predictions file."""


@dataclass(frozen=True)
class Outcomes:
    """What every model predicted for every tested clip.

    Attributes
    ----------
    classes
        Labels, sorted; classes are numbered in this order.
    clips, speakers
        Names of the tested clips, sorted, and of their speakers ("" unknown).
    truth
        Class of each clip, shape (clips,).
    folds
        Fold that tests each clip, shape (clips,).
    seeds
        Seeds of each model, sorted.
    predicted
        Predicted classes of each model, shape (seeds, clips).
    """

    classes: tuple[str, ...]
    clips: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: NDArray[np.int64]
    folds: NDArray[np.int64]
    seeds: dict[str, tuple[int, ...]]
    predicted: dict[str, NDArray[np.int64]]


def gather(predictions: Mapping[str, Iterable[Job]]) -> Outcomes:
    """Lay out the predictions of all models.

    Every model has to be tested once per seed on the same clips, with the same folds, labels and
    speakers: a table of models over different clips compares nothing.

    Raises
    ------
    UserError
        Naming model, seed and clip, if that does not hold.
    """
    seen: dict[str, dict[int, dict[str, str]]] = {}
    facts: dict[str, tuple[str, str, int]] = {}
    for model, jobs in predictions.items():
        by_seed: dict[int, dict[str, str]] = defaultdict(dict)
        for fold, seed, rows in jobs:
            for row in rows:
                clip = row["clip"]
                if clip in by_seed[seed]:
                    raise _unequal(model, seed, f"{clip} was tested more than once")
                by_seed[seed][clip] = row["predicted"]
                told = (row["label"], row["speaker"], fold)
                if facts.setdefault(clip, told) != told:
                    raise _unequal(
                        model,
                        seed,
                        f"{clip} has label, speaker and fold {told}, elsewhere {facts[clip]}",
                    )
        seen[model] = by_seed
    clips = sorted(facts)
    if not clips:
        raise UserError("evaluation: there are no predictions; train at least one model")
    for model, by_seed in seen.items():
        if not by_seed:
            raise UserError(f"evaluation: model {model} has no predictions")
        for seed, told_by_clip in by_seed.items():
            missing = next((clip for clip in clips if clip not in told_by_clip), None)
            if missing is not None:
                raise _unequal(
                    model,
                    seed,
                    f"{missing} was not tested ({len(told_by_clip)} of {len(clips)} clips were)",
                )
    classes = sorted(
        {label for label, _, _ in facts.values()}
        | {
            label
            for by_seed in seen.values()
            for told in by_seed.values()
            for label in told.values()
        }
    )
    number = {label: place for place, label in enumerate(classes)}
    return Outcomes(
        classes=tuple(classes),
        clips=tuple(clips),
        speakers=tuple(facts[clip][1] for clip in clips),
        truth=np.array([number[facts[clip][0]] for clip in clips], dtype=np.int64),
        folds=np.array([facts[clip][2] for clip in clips], dtype=np.int64),
        seeds={model: tuple(sorted(by_seed)) for model, by_seed in seen.items()},
        predicted={
            model: np.array(
                [[number[by_seed[seed][clip]] for clip in clips] for seed in sorted(by_seed)],
                dtype=np.int64,
            )
            for model, by_seed in seen.items()
        },
    )


def _unequal(model: str, seed: int, what: str) -> UserError:
    return UserError(
        f"evaluation: model {model}, seed {seed}: {what}; wanted is every clip tested once per "
        "seed, the same clips for every model; make its predictions again (snakemake --forcerun "
        f"on results/…/predictions/{model}/)"
    )
