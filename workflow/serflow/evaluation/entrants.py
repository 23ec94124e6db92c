"""What is scored, trained models and baselines alike: how often each gives which label."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from serflow.evaluation import metrics
from serflow.evaluation.metrics import Floats
from serflow.evaluation.outcomes import Outcomes

Groups = NDArray[np.int64]


class Entrant(Protocol):
    """One line of a table of models."""

    @property
    def name(self) -> str:
        """Return its name in tables."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """Return the seeds it was tested with."""

    @property
    def right(self) -> Floats:
        """Return how often it is right of each clip, mean over seeds, shape (clips,)."""

    @property
    def scores(self) -> NDArray[np.floating]:
        """Return its probabilities, shape (seeds, clips, classes)."""

    def counts_by(self, group: Groups, groups: int) -> NDArray[np.number]:
        """Count clips by true and predicted class, shape (seeds, groups, classes, classes).

        `group` is the number of each clip's group, negative where it is in none.
        """


@dataclass(frozen=True)
class Trained:
    """A model that was trained."""

    name: str
    outcomes: Outcomes

    @property
    def seeds(self) -> tuple[int, ...]:
        return self.outcomes.seeds[self.name]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Return the predicted classes, shape (seeds, clips)."""
        return self.outcomes.predicted[self.name]

    @property
    def scores(self) -> NDArray[np.float32]:
        return self.outcomes.probabilities[self.name]

    @cached_property
    def right(self) -> Floats:
        mean: Floats = (self.predicted == self.outcomes.truth).mean(axis=0)
        return mean

    def counts_by(self, group: Groups, groups: int) -> NDArray[np.int64]:
        return metrics.confusion_by(
            group, groups, self.outcomes.truth, self.predicted, len(self.outcomes.classes)
        )


@dataclass(frozen=True)
class Guessing:
    """A baseline, by the probabilities with which it gives each label; all counts are expected."""

    name: str
    outcomes: Outcomes
    guesses: Floats

    seeds = (0,)

    @property
    def scores(self) -> Floats:
        return self.guesses[None]

    @property
    def right(self) -> Floats:
        return self.guesses[np.arange(len(self.guesses)), self.outcomes.truth]

    def counts_by(self, group: Groups, groups: int) -> Floats:
        classes = len(self.outcomes.classes)
        inside = group >= 0
        cell = group[inside] * classes + self.outcomes.truth[inside]
        counts = [
            np.bincount(cell, weights=column, minlength=groups * classes)
            for column in self.guesses[inside].T
        ]
        stacked: Floats = np.stack(counts, axis=-1).astype(float)
        return stacked.reshape(1, groups, classes, classes)
