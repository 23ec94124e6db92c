"""What a guess and the most frequent label reach, against scikit-learn's dummy."""

from __future__ import annotations

import numpy as np
from sklearn.dummy import DummyClassifier

from serflow.evaluation import metrics
from serflow.evaluation.baselines import guesses, training_labels
from serflow.evaluation.entrants import Guessing, Trained
from serflow.evaluation.outcomes import gather


def outcomes(labels, folds):
    """One model that says a of every clip; `labels` and `folds` have a character a clip."""
    jobs = [
        (
            int(fold),
            0,
            [
                {"clip": f"{n:02}", "speaker": f"s{n % 3}", "label": label, "predicted": "a"}
                | {"p_a": "0.6", "p_b": "0.3", "p_c": "0.1"}
                for n, (label, own) in enumerate(zip(labels, folds, strict=True))
                if own == fold
            ],
        )
        for fold in sorted(set(folds))
    ]
    return gather({"m": jobs})


LABELS, FOLDS = "abbbaacbbc", "0000011111"


def splits():
    roles = {"0": ("test", "train"), "1": ("train", "test")}
    return [
        {"clip": f"{n:02}", "fold": fold, "role": roles[fold][int(own)]}
        for fold in "01"
        for n, own in enumerate(FOLDS)
    ]


def test_majority_is_that_of_the_folds_training():
    found = outcomes(LABELS, FOLDS)
    training = training_labels({f"{n:02}": label for n, label in enumerate(LABELS)}, splits())
    # Fold 0 is trained on acbbc, where b and c are equally frequent; fold 1 on abbba.
    assert training == {0: {"a": 1, "b": 2, "c": 2}, 1: {"a": 2, "b": 3}}
    given = guesses(found, training)["majority"]
    for fold in (0, 1):
        seen = [label for label, own in zip(LABELS, FOLDS, strict=True) if int(own) != fold]
        dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((5, 1)), seen)
        assert [found.classes[k] for k in given[found.folds == fold].argmax(axis=1)] == [
            *dummy.predict(np.zeros((5, 1)))
        ]
    assert set(given.ravel()) == {0, 1}


def test_validation_is_on_the_training_side():
    rows = [{"clip": "x", "fold": "3", "role": role} for role in ("train", "validation", "test")]
    assert training_labels({"x": "a"}, rows) == {3: {"a": 2}}


def test_expected_counts_are_the_mean_of_many_guesses():
    found = outcomes(LABELS, FOLDS)
    everything = np.zeros(10, dtype=np.int64)
    chance = Guessing("chance", found, np.full((10, 3), 1 / 3))
    random = np.random.default_rng(0)
    drawn = random.integers(0, 3, (20_000, 10))
    mean = metrics.confusion(found.truth, drawn, 3).mean(axis=0)
    expected = chance.counts_by(everything, 1)[0, 0]
    np.testing.assert_allclose(expected, mean, atol=0.05)
    assert metrics.uar(expected) == 1 / 3
    np.testing.assert_allclose(chance.right, 1 / 3)


def test_a_baseline_is_counted_as_a_model_is():
    found = outcomes(LABELS, FOLDS)
    model = Trained("m", found)
    always = Guessing("always a", found, np.eye(3)[found.predicted["m"][0]])
    for group, groups in ((found.fold_of, 2), (found.speaker_of, 3), (found.fold_of - 1, 1)):
        np.testing.assert_array_equal(
            always.counts_by(group, groups), model.counts_by(group, groups)
        )
    np.testing.assert_array_equal(always.right, model.right)
