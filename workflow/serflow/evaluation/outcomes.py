"""Predictions of all models, checked to be of the same clips and laid out as arrays."""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError

Row = Mapping[str, Any]
Job = tuple[int, int, Iterable[Row]]
"""Fold, seed, and the rows of one predictions file: `clip`, `speaker`, `label`, `predicted`, and a
probability `p_<label>` of every label of the corpus."""
PROBABILITY = "p_"
"""What the columns of probabilities begin with."""
Fact = tuple[str, str, int]
"""Label, speaker and fold of a clip."""


@dataclass(frozen=True)
class Outcomes:
    """What every model predicted for every tested clip.

    Attributes
    ----------
    classes
        All labels, tested or not, sorted; classes are numbered in this order.
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
    probabilities
        Of each model, shape (seeds, clips, classes), 0 for a class that it knows nothing of. Single
        precision: tables hold six digits, and they are many.
    """

    classes: tuple[str, ...]
    clips: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: NDArray[np.int64]
    folds: NDArray[np.int64]
    seeds: dict[str, tuple[int, ...]]
    predicted: dict[str, NDArray[np.int64]]
    probabilities: dict[str, NDArray[np.float32]]

    @cached_property
    def known_speakers(self) -> tuple[str, ...]:
        """Names of the known speakers, sorted; they are numbered in this order."""
        return tuple(sorted(set(self.speakers) - {""}))

    @cached_property
    def speaker_of(self) -> NDArray[np.int64]:
        """Number of each clip's speaker, -1 where it is not known, shape (clips,)."""
        number = {name: place for place, name in enumerate(self.known_speakers)}
        return np.array([number.get(name, -1) for name in self.speakers], dtype=np.int64)

    @cached_property
    def fold_numbers(self) -> tuple[int, ...]:
        """The folds that test clips, sorted."""
        return tuple(np.unique(self.folds).tolist())

    @cached_property
    def fold_of(self) -> NDArray[np.int64]:
        """Place of each clip's fold in `fold_numbers`, shape (clips,)."""
        return np.searchsorted(np.array(self.fold_numbers), self.folds)

    @cached_property
    def fold_speakers(self) -> tuple[int, ...]:
        """How many known speakers each fold tests, in the order of `fold_numbers`."""
        heard = self.speaker_of >= 0
        size = max(len(self.known_speakers), 1)
        met = np.unique(self.fold_of[heard] * size + self.speaker_of[heard])
        return tuple(np.bincount(met // size, minlength=len(self.fold_numbers)).tolist())


class Contradiction(Exception):
    """What one job says of a clip does not go with what was said before."""


@dataclass
class Answers:
    """What one model says under one seed.

    `predicted` is in the order of the clips' numbers; `probabilities` holds a number for each label
    and clip, one clip after the other in the order of `met`, the numbers of the clips.
    """

    predicted: list[str | None] = field(default_factory=list)
    met: array[int] = field(default_factory=lambda: array("q"))
    probabilities: array[float] = field(default_factory=lambda: array("f"))


def gather(predictions: Mapping[str, Iterable[Job]]) -> Outcomes:
    """Lay out the predictions of all models.

    Every model has to be tested once per seed on the same clips, with the same folds, labels and
    speakers: a table of models over different clips compares nothing. Jobs and rows are gone
    through once and not kept, so they may be read from their files one by one.

    Raises
    ------
    UserError
        Naming model, seed and clip, if that does not hold.
    """
    # Clips are numbered as they are met; what is said of a clip stands in lists at its number.
    number: dict[str, int] = {}
    facts: list[Fact] = []
    labels: list[str] = []
    told: dict[str, dict[int, Answers]] = {}
    for model, jobs in predictions.items():
        told[model] = defaultdict(Answers)
        for fold, seed, rows in jobs:
            try:
                _note(fold, rows, number, facts, labels, told[model][seed])
            except Contradiction as error:
                raise _unequal(model, seed, str(error)) from None
    clips = sorted(number)
    if not clips:
        raise UserError("evaluation: there are no predictions; train at least one model")
    for model, by_seed in told.items():
        if not by_seed:
            raise UserError(f"evaluation: model {model} has no predictions")
        for seed, of_seed in by_seed.items():
            answers = of_seed.predicted
            answers.extend([None] * (len(clips) - len(answers)))
            tested = len(clips) - answers.count(None)
            if tested < len(clips):
                missing = next(clip for clip in clips if answers[number[clip]] is None)
                raise _unequal(
                    model,
                    seed,
                    f"{missing} was not tested ({tested} of {len(clips)} clips were)",
                )
    classes = sorted({*labels, *(label for label, _, _ in facts)})
    order = [number[clip] for clip in clips]
    class_of: dict[str | None, int] = {label: place for place, label in enumerate(classes)}
    return Outcomes(
        classes=tuple(classes),
        clips=tuple(clips),
        speakers=tuple(facts[place][1] for place in order),
        truth=np.array([class_of[facts[place][0]] for place in order], dtype=np.int64),
        folds=np.array([facts[place][2] for place in order], dtype=np.int64),
        seeds={model: tuple(sorted(by_seed)) for model, by_seed in told.items()},
        predicted={
            model: np.array(
                [
                    [class_of[by_seed[seed].predicted[place]] for place in order]
                    for seed in sorted(by_seed)
                ],
                dtype=np.int64,
            )
            for model, by_seed in told.items()
        },
        probabilities={
            model: np.stack(
                [
                    _laid_out(by_seed[seed], order, [class_of[label] for label in labels], classes)
                    for seed in sorted(by_seed)
                ]
            )
            for model, by_seed in told.items()
        },
    )


def _laid_out(
    answers: Answers, order: Sequence[int], columns: Sequence[int], classes: Sequence[str]
) -> NDArray[np.float32]:
    """Return probabilities of shape (clips, classes), clips and classes in their order."""
    told = np.frombuffer(answers.probabilities, dtype=np.float32).reshape(-1, len(columns))
    of_clip = np.zeros((len(order), len(classes)), dtype=np.float32)
    of_clip[np.frombuffer(answers.met, dtype=np.int64)[:, None], columns] = told
    return of_clip[order]


def _note(
    fold: int,
    rows: Iterable[Row],
    number: dict[str, int],
    facts: list[Fact],
    labels: list[str],
    answers: Answers,
) -> None:
    """Note what the rows of one job say; raise `Contradiction` where it cannot be."""
    columns: list[str] = []
    for row in rows:
        if not columns:
            columns = _probability_columns(row, labels)
        clip = row["clip"]
        place = number.setdefault(clip, len(number))
        if place >= len(answers.predicted):
            answers.predicted.extend([None] * (place + 1 - len(answers.predicted)))
        if answers.predicted[place] is not None:
            raise Contradiction(f"{clip} was tested more than once")
        # A label stands in as many rows as there are clips and models: one text of it is kept.
        predicted = answers.predicted[place] = sys.intern(row["predicted"])
        if predicted not in labels:
            raise Contradiction(f"{clip} was taken for {predicted}, which has no probability")
        answers.met.append(place)
        answers.probabilities.extend([float(row[column]) for column in columns])
        fact = (sys.intern(row["label"]), sys.intern(row["speaker"]), fold)
        if place == len(facts):
            facts.append(fact)
        elif facts[place] != fact:
            raise Contradiction(
                f"{clip} has label, speaker and fold {fact}, elsewhere {facts[place]}"
            )


def _probability_columns(row: Row, labels: list[str]) -> list[str]:
    """Return the names of a table's probabilities; the first table decides `labels`."""
    columns = [column for column in row if column.startswith(PROBABILITY)]
    found = [sys.intern(column.removeprefix(PROBABILITY)) for column in columns]
    if not labels:
        labels += found
    if found != labels or not found:
        raise Contradiction(
            f"probabilities are of labels {', '.join(found) or 'none'}, elsewhere of "
            f"{', '.join(labels) or 'none'}"
        )
    return columns


def _unequal(model: str, seed: int, what: str) -> UserError:
    return UserError(
        f"evaluation: model {model}, seed {seed}: {what}; wanted is every clip tested once per "
        "seed, the same clips for every model; make its predictions again (snakemake --forcerun "
        f"on results/…/predictions/{model}/)"
    )
