"""The mistakes that models were surest of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from serflow.evaluation.outcomes import Outcomes


@dataclass(frozen=True)
class Mistake:
    """A test clip that a model took for another label.

    Attributes
    ----------
    model
        Its name.
    clip
        The clip's name.
    predicted
        The label that it was taken for.
    probability
        What the model gave that label, mean over its seeds.
    """

    model: str
    clip: str
    predicted: str
    probability: float


def most_confident(outcomes: Outcomes, models: Sequence[str], most: int) -> list[Mistake]:
    """Return each model's surest mistake, the surest first, each clip once.

    A model whose surest mistake is on a clip that a surer model took wrongly as well is told by
    its next one. Of equals the clip whose name comes first counts.

    Parameters
    ----------
    outcomes
        What the models predicted.
    models
        Those that are asked.
    most
        How many mistakes at most.

    Returns
    -------
    list of Mistake
        Fewer where models made none.
    """
    wrong: list[Mistake] = []
    for model in models:
        mean = outcomes.probabilities[model].mean(axis=0)
        predicted = mean.argmax(axis=1)
        for place in np.flatnonzero(predicted != outcomes.truth).tolist():
            label = int(predicted[place])
            wrong.append(
                Mistake(
                    model,
                    outcomes.clips[place],
                    outcomes.classes[label],
                    round(float(mean[place, label]), 6),
                )
            )
    wrong.sort(key=lambda one: (-one.probability, one.clip, one.model))
    told: dict[str, Mistake] = {}
    clips: set[str] = set()
    for one in wrong:
        if one.model not in told and one.clip not in clips and len(told) < most:
            told[one.model] = one
            clips.add(one.clip)
    return list(told.values())
