"""What knows nothing of the sound: a guess, and the label that is most frequent in training.

Both are scored as any model is, from how often they give which label to each clip. They take no
part in comparisons and ranks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from serflow.evaluation.baseline_names import CHANCE, MAJORITY
from serflow.evaluation.metrics import Floats
from serflow.evaluation.outcomes import Outcomes, Row


def training_labels(labels: Mapping[str, str], splits: Iterable[Row]) -> dict[int, Counter[str]]:
    """Count the labels of each fold's training side, validation included.

    Parameters
    ----------
    labels
        Label by clip.
    splits
        Rows of ``splits.tsv``: `clip`, `fold`, `role`; gone through once.
    """
    counts: dict[int, Counter[str]] = {}
    for row in splits:
        if row["role"] != "test":
            counts.setdefault(int(row["fold"]), Counter())[labels[row["clip"]]] += 1
    return counts


def untested_labels(outcomes: Outcomes, corpus: Mapping[str, int]) -> dict[int, Counter[str]]:
    """Count the labels of each fold's training side where that is all that the fold does not test.

    Parameters
    ----------
    outcomes
        The tested clips and their folds.
    corpus
        How many clips of the corpus have each label.
    """
    counts: dict[int, Counter[str]] = {}
    for place, fold in enumerate(outcomes.fold_numbers):
        tested = outcomes.truth[outcomes.fold_of == place].tolist()
        counts[fold] = Counter(corpus) - Counter(outcomes.classes[label] for label in tested)
    return counts


def tested_labels(outcomes: Outcomes) -> Counter[str]:
    """Count the labels of the tested clips."""
    return Counter(outcomes.classes[label] for label in outcomes.truth.tolist())


def guesses(outcomes: Outcomes, training: Mapping[int, Mapping[str, int]]) -> dict[str, Floats]:
    """Return for each baseline how probably it gives which label to each clip, (clips, classes).

    Chance gives every label with the same probability. The majority is the most frequent label in
    training of the fold that tests the clip; of equals the first, as scikit-learn's
    `DummyClassifier` has it.
    """
    classes = outcomes.classes
    uniform = np.full((len(outcomes.clips), len(classes)), 1 / len(classes))
    most = np.zeros((len(outcomes.fold_numbers), len(classes)))
    for place, fold in enumerate(outcomes.fold_numbers):
        counted = [training[fold].get(label, 0) for label in classes]
        most[place, int(np.argmax(counted))] = 1
    return {CHANCE: uniform, MAJORITY: most[outcomes.fold_of]}
