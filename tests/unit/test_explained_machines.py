"""What sub-bands are worth to support vector machines, and what they are called."""

from __future__ import annotations

import numpy as np
import pytest

from serflow import svm
from serflow.explanations.machines import band_words, weigh
from serflow.sound.features import Features

SETTINGS = {"confidence": 0.95, "resamples": 50, "seed": 0}
WORDS = ["low", "high"]
CLIPS = 32
LABELS = np.array(["A", "B"])[np.arange(CLIPS) % 2]
SPEAKERS = np.array([f"s{number // 8}" for number in range(CLIPS)])
TESTED = {fold: f"s{fold}" == SPEAKERS for fold in range(2)}


@pytest.fixture
def kinds() -> dict[str, Features]:
    """Two frames of two bands: the low one tells the label, and speakers differ in how loud."""
    noise = np.random.default_rng(0).normal(0, 0.1, (CLIPS, 4))
    noise[:, [0, 2]] += np.where(LABELS == "B", 1.0, -1.0)[:, None]
    noise += 5.0 * (np.arange(CLIPS) // 8)[:, None]
    X = noise.astype(np.float32)
    names = np.array([f"c{number}" for number in range(CLIPS)])
    return {"sc": Features(X, names, LABELS, SPEAKERS, {})}


def machine(kinds: dict[str, Features], fold: int) -> svm.TrainedSVM:
    settings = {"features": "sc", "C": 1.0, "kernel": "linear"}
    settings |= {"scaling": "speaker", "inner_folds": 2}
    test = TESTED[fold]
    return svm.train(kinds, ~test, test, ["A", "B"], settings).model


def test_the_band_that_tells_the_label_is_worth_most(kinds: dict[str, Features]) -> None:
    trained = [(fold, machine(kinds, fold)) for fold in TESTED]
    low, high = weigh(trained, kinds, TESTED, WORDS, SETTINGS)
    assert (low["features"], low["part"], high["part"]) == ("sc", "low", "high")
    # Standardised within speakers as in training, all test clips are recognised.
    assert low["uar"] == 1
    assert low["clips"] == 16
    assert low["drop"] > 0.3
    assert high["drop"] == 0


def test_folds_that_chose_other_features_have_no_parts_in_common(
    kinds: dict[str, Features],
) -> None:
    one = machine(kinds, 0)
    other = svm.TrainedSVM(one.pipeline, one.labels, {"features": "sbe"}, 1.0, one.settings)
    assert weigh([(0, one), (1, other)], kinds, TESTED, WORDS, SETTINGS) == []


def test_bands_are_called_by_their_frequencies() -> None:
    # Up to 1 kHz the scale is linear: 15 mels, so that 14 bands have centres 66.7 Hz apart.
    assert band_words([[0, 2], [3, 5]], "band", 14, 2000) == [
        "band 1, 67–200 Hz",
        "band 2, 267–400 Hz",
    ]
    assert band_words([[100, 300]], "hz", 14, 2000) == ["band 1, 133–267 Hz"]
