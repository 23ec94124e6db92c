"""Support vector machines: scikit-learn's, chosen on training speakers, stored without pickle."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from serflow import svm
from serflow.errors import UserError
from serflow.sound.features import Features

LABELS = ["Angry", "Calm", "Sad"]
SETTINGS = {"features": "sc", "C": 10.0, "kernel": "rbf", "scaling": "standard", "inner_folds": 4}
CLIPS, DIMENSIONS, SPEAKERS = 96, 6, 8


def corpus(
    seed: int = 0, noise: float = 1.0, labels: Sequence[str] = LABELS, scale: float = 10
) -> Features:
    """Make clips whose features, each on its own scale, tell the label under noise."""
    generator = np.random.Generator(np.random.PCG64(seed))
    label = np.array([labels[i % len(labels)] for i in range(CLIPS)])
    speaker = np.array([f"{i * SPEAKERS // CLIPS:02d}" for i in range(CLIPS)])
    centre = generator.normal(size=(len(labels), DIMENSIONS))
    X = centre[np.searchsorted(labels, label)] + noise * generator.normal(size=(CLIPS, DIMENSIONS))
    return Features(
        X=(X * [1, scale, scale**2, 1 / scale, 1, 1] + 5).astype(np.float32),
        clip=np.array([f"clip{i:03d}" for i in range(CLIPS)]),
        label=label,
        speaker=speaker,
        config={},
    )


def sides(features: Features) -> tuple[np.ndarray, np.ndarray]:
    test = np.isin(features.speaker, ["06", "07"])
    return ~test, test


def train(data: Features | dict[str, Features], **changed: Any) -> svm.Outcome:
    named = data if isinstance(data, dict) else {"sc": data}
    first = next(iter(named.values()))
    labels = sorted(set(first.label.tolist()))
    return svm.train(named, *sides(first), labels, {**SETTINGS, **changed})


def predicted(outcome: svm.Outcome) -> list[str]:
    return [outcome.model.labels[i] for i in outcome.probabilities.argmax(axis=1)]


@pytest.mark.parametrize("labels", [LABELS, ["No", "Yes"]], ids=["three labels", "two labels"])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_scikit_learns_pipeline(seed: int, labels: list[str]):
    data = corpus(seed, noise=2.0, labels=labels)
    training, test = sides(data)
    plain = make_pipeline(StandardScaler(), SVC(C=10, break_ties=True))
    plain.fit(data.X[training], data.label[training])
    outcome = train(data)
    assert predicted(outcome) == plain.predict(data.X[test]).tolist()
    values = plain.decision_function(data.X[test])
    if values.ndim == 1:
        values = np.stack([-values, values], axis=1) / 2
    expected = softmax(values / outcome.model.temperature, axis=1)
    np.testing.assert_allclose(outcome.probabilities, expected, rtol=1e-12)
    machine = plain[-1]
    vectors = len(machine.support_vectors_)
    classes = len(labels)
    pairs = classes * (classes - 1) // 2
    assert outcome.model.parameters == vectors * (DIMENSIONS + classes - 1) + pairs


def test_two_labels_by_hand():
    class Fixed:
        classes_ = np.array(["No", "Yes"])

        def decision_function(self, X: np.ndarray) -> np.ndarray:
            return X[:, 0]

    model = svm.TrainedSVM(Fixed(), ["No", "Unheard", "Yes"], {}, 0.5, {})
    # Decision 1 at temperature 0.5: 1 / (1 + exp(-2)) for the second class.
    found = svm.predict(model, np.array([[1.0], [0.0]]))
    np.testing.assert_allclose(found, [[0.1192029, 0, 0.8807971], [0.5, 0, 0.5]], atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["standard", "none", "speaker"]))
def test_probabilities_sum_to_one_and_agree_with_the_prediction(seed: int, scaling: str):
    data = corpus(seed, noise=3.0)
    outcome = train(data, scaling=scaling)
    found = outcome.probabilities
    assert found.shape == (24, 3)
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), 1)
    X = svm.standardise_speakers(data.X, data.speaker) if scaling == "speaker" else data.X
    assert predicted(outcome) == outcome.model.pipeline.predict(X[sides(data)[1]]).tolist()


def test_a_label_missing_in_training_gets_no_probability():
    data = corpus()
    training, test = sides(data)
    training &= data.label != "Calm"
    outcome = svm.train({"sc": data}, training, test, LABELS, SETTINGS)
    assert (outcome.probabilities[:, 1] == 0).all()
    np.testing.assert_allclose(outcome.probabilities.sum(axis=1), 1)
    assert set(predicted(outcome)) == {"Angry", "Sad"}


def test_one_label_in_training_is_told():
    data = corpus()
    training, test = sides(data)
    training &= data.label == "Calm"
    with pytest.raises(UserError, match=r"training side has only Calm; choose another `protocol`"):
        svm.train({"sc": data}, training, test, LABELS, SETTINGS)


def test_per_speaker_scaling_by_hand():
    X = np.array([[1, 7, 0.1], [3, 7, 0.1], [10, 0, 0.1], [20, 4, 0.1], [60, 8, 0.1]], np.float32)
    scaled = svm.standardise_speakers(X, np.array(["a", "a", "b", "b", "b"]))
    # Speaker a: mean 2, deviation 1. Speaker b: mean 30, deviation sqrt((400+100+900)/3).
    deviation = np.sqrt(1400 / 3)
    root = np.sqrt(1.5)
    expected = [
        [-1, 0, 0],
        [1, 0, 0],
        [-20 / deviation, -root, 0],
        [-10 / deviation, 0, 0],
        [30 / deviation, root, 0],
    ]
    np.testing.assert_allclose(scaled, expected, rtol=1e-6)
    assert scaled.dtype == np.float32


def test_equal_numbers_become_zero_whatever_rounding_does():
    X = np.full((7, 1), 0.1, np.float32) * np.float32(1 / 3)
    assert (svm.standardise_speakers(X, np.array(["a"] * 7)) == 0).all()
    assert (svm.standardise_speakers(X[:1], np.array(["a"])) == 0).all()


def test_per_speaker_scaling_takes_a_speakers_offset_away():
    data = corpus(noise=0.5)
    offsets = np.float32(1000) * data.speaker.astype(np.float32)[:, None]
    moved = replace(data, X=data.X + offsets)
    plain, shifted = (train(one, scaling="speaker").probabilities for one in (data, moved))
    np.testing.assert_allclose(shifted, plain, atol=0.02)
    assert not np.allclose(train(moved).probabilities, train(data).probabilities, atol=0.02)


def test_per_speaker_scaling_needs_every_speaker():
    data = corpus()
    data.speaker[5] = ""
    with pytest.raises(UserError, match=r"`scaling: speaker` needs the speakers"):
        train(data, scaling="speaker")


GRID = {"features": ["sc", "sbw"], "C": [10.0, 0.01, 1.0], "kernel": ["linear", "rbf"]}


def grid_data() -> dict[str, Features]:
    # On one scale: unscaled, a linear machine would not converge on several.
    return {"sc": corpus(1, noise=4.0, scale=1), "sbw": corpus(1, noise=1.5, scale=1)}


def test_the_grid_is_scored_by_speakers_left_out():
    data = grid_data()
    outcome = train(data, **GRID)
    assert len(outcome.inner_uar) == 12
    training, _ = sides(data["sc"])
    X, y = data["sbw"].X[training], data["sbw"].label[training]
    uars = []
    for fit, check in GroupKFold(4).split(X, y, data["sbw"].speaker[training]):
        machine = make_pipeline(StandardScaler(), SVC(C=1, kernel="linear", break_ties=True))
        found = machine.fit(X[fit], y[fit]).predict(X[check])
        uars.append(np.mean([(found[y[check] == one] == one).mean() for one in LABELS]))
    assert outcome.inner_uar["sbw, linear, C=1"] == pytest.approx(np.mean(uars))
    best = max(outcome.inner_uar.values())
    chosen = outcome.model.chosen
    key = f"{chosen['features']}, {chosen['kernel']}, C={chosen['C']:g}"
    assert outcome.inner_uar[key] == best
    assert chosen["features"] == "sbw"


@pytest.mark.parametrize("scaling", ["standard", "none", "speaker"])
def test_the_test_side_changes_neither_choice_nor_model(scaling: str):
    data = grid_data()
    training, test = sides(data["sc"])
    generator = np.random.Generator(np.random.PCG64(9))
    poisoned = {}
    for name, one in data.items():
        X, label = one.X.copy(), one.label.copy()
        X[test] = generator.normal(1e4, 1e4, size=X[test].shape)
        label[test] = generator.permutation(label[test])
        poisoned[name] = replace(one, X=X, label=label)
    one = svm.train(data, training, test, LABELS, {**SETTINGS, **GRID, "scaling": scaling})
    two = svm.train(poisoned, training, test, LABELS, {**SETTINGS, **GRID, "scaling": scaling})
    assert two.model.chosen == one.model.chosen
    assert two.inner_uar == one.inner_uar
    assert two.model.temperature == one.model.temperature
    X = data[one.model.chosen["features"]].X[training]
    assert np.array_equal(svm.predict(two.model, X), svm.predict(one.model, X))
    assert not np.array_equal(two.probabilities, one.probabilities)


def test_of_equals_the_smaller_penalty_and_the_earlier_type():
    data = corpus(noise=0.0)
    outcome = train({"sc": data, "sbw": data}, features=["sbw", "sc"], C=[100.0, 10.0])
    assert set(outcome.inner_uar.values()) == {1.0}
    assert outcome.model.chosen == {"features": "sbw", "C": 10.0, "kernel": "rbf"}


@pytest.mark.parametrize("speakers", [1, 2])
def test_few_speakers_are_enough(speakers: int):
    data = corpus()
    training, test = sides(data)
    named = np.where(test, data.speaker, data.speaker.astype(int) % speakers)
    outcome = svm.train({"sc": replace(data, speaker=named)}, training, test, LABELS, SETTINGS)
    np.testing.assert_allclose(outcome.probabilities.sum(axis=1), 1)


def test_too_few_clips_to_fit_a_temperature():
    data = corpus(noise=0.1)
    training, test = sides(data)
    training[3:] = False  # one clip a label, of one speaker
    outcome = svm.train({"sc": data}, training, test, LABELS, SETTINGS)
    assert outcome.model.temperature == 1.0


def test_speakers_of_one_label_each_fit_no_temperature():
    data = corpus(noise=0.1)
    training, test = sides(data)
    own = np.where(test, data.speaker, data.label)
    outcome = svm.train({"sc": replace(data, speaker=own)}, training, test, LABELS, SETTINGS)
    assert outcome.model.temperature == 1.0
    assert np.isfinite(outcome.probabilities).all()


def test_training_twice_gives_the_same():
    one, two = train(corpus(2), C=[1.0, 10.0]), train(corpus(2), C=[1.0, 10.0])
    assert np.array_equal(one.probabilities, two.probabilities)


@pytest.mark.parametrize("scaling", ["standard", "none", "speaker"])
def test_a_stored_model_gives_the_same_probabilities(tmp_path: Path, scaling: str):
    data = corpus(3, noise=2.0)
    outcome = train(data, scaling=scaling, C=[1.0, 10.0])
    svm.save(tmp_path / "m.skops", outcome.model)
    read = svm.load(tmp_path / "m.skops")
    assert np.array_equal(svm.predict(read, data.X), svm.predict(outcome.model, data.X))
    assert read.labels == LABELS
    assert read.chosen == outcome.model.chosen
    assert read.settings == outcome.model.settings
    assert read.temperature == outcome.model.temperature


class Hostile:
    """A pickle of it would make a file."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (Path.touch, (Path("hostile"),))


def test_a_pickle_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.skops").write_bytes(pickle.dumps(Hostile()))
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow"):
        svm.load(tmp_path / "m.skops")
    assert not (tmp_path / "hostile").exists()


def test_a_file_with_foreign_types_is_refused(tmp_path: Path):
    hostile = {**vars(train(corpus()).model), "pipeline": FunctionTransformer(func=pickle.loads)}
    skops.io.dump(hostile, tmp_path / "m.skops")
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow, it holds .*loads"):
        svm.load(tmp_path / "m.skops")


@pytest.mark.parametrize("stored", [[1, 2], {"labels": ["a"]}])
def test_a_file_of_another_making_is_refused(tmp_path: Path, stored: Any):
    skops.io.dump(stored, tmp_path / "m.skops")
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow .*train it again"):
        svm.load(tmp_path / "m.skops")
