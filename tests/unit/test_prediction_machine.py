"""Asking a stored machine without scikit-learn: the same numbers, and nothing executed."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler
from sklearn.svm import SVC
from test_svm import corpus, train

from serflow import svm
from serflow.errors import UserError
from serflow.prediction import machine

KERNELS = ("rbf", "linear", "poly", "sigmoid")


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("labels", [["a", "b"], ["a", "b", "c"], list("abcdefgh")])
@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_it_says_what_scikit_learn_says(
    tmp_path: Path, kernel: str, labels: list[str], scaling: str
):
    # libsvm takes long over numbers of very different sizes.
    data = corpus(labels=labels, noise=2, scale=1 if scaling == "none" else 10)
    model = train(data, kernel=kernel, scaling=scaling).model
    svm.save(tmp_path / "m.skops", model)
    stored = machine.load(tmp_path / "m.skops")
    told = svm.predict(model, data.X)
    np.testing.assert_allclose(stored.probabilities(data.X), told, atol=1e-9)
    assert stored.dimensions == data.X.shape[1]
    for name in ("labels", "chosen", "settings", "extraction", "temperature"):
        assert getattr(stored, name) == getattr(model, name)


@given(seed=st.integers(0, 2**16), C=st.floats(0.01, 100), kernel=st.sampled_from(KERNELS))
@settings(max_examples=10)
def test_whatever_it_was_trained_on(
    tmp_path_factory: pytest.TempPathFactory, seed: int, C: float, kernel: str
):
    path = tmp_path_factory.mktemp("machine") / "m.skops"
    data = corpus(seed=seed, noise=3, scale=1)
    model = train(data, C=C, kernel=kernel).model
    svm.save(path, model)
    far = data.X * 4 - 3
    np.testing.assert_allclose(
        machine.load(path).probabilities(far), svm.predict(model, far), atol=1e-8
    )


def test_a_label_without_a_training_clip_has_probability_zero(tmp_path: Path):
    model = train(corpus()).model
    svm.save(tmp_path / "m.skops", replace(model, labels=["Aged", *model.labels]))
    stored = machine.load(tmp_path / "m.skops")
    probabilities = stored.probabilities(corpus().X[:4])
    assert (probabilities[:, 0] == 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_many_clips_are_compared_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    model = train(corpus()).model
    svm.save(tmp_path / "m.skops", model)
    stored = machine.load(tmp_path / "m.skops")
    at_once = stored.probabilities(corpus().X)
    monkeypatch.setattr(machine, "_BLOCK", 1)
    np.testing.assert_array_equal(stored.probabilities(corpus().X), at_once)


def test_a_file_with_anything_else_is_refused(tmp_path: Path):
    path = tmp_path / "m.skops"
    hostile = FunctionTransformer(func=json.loads)
    for pipeline, held in (
        (make_pipeline(hostile, SVC()), r"it holds json\.loads"),
        (make_pipeline(MinMaxScaler(), SVC()), "train it again"),
    ):
        pipeline[-1].fit(np.eye(2), ["a", "b"])
        skops.io.dump({"pipeline": pipeline, "labels": ["a", "b"]}, path)
        with pytest.raises(UserError, match=rf"m\.skops: not a model of SERflow.*{held}"):
            machine.load(path)
    path.write_bytes(b"PK")
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow \(.*train it again"):
        machine.load(path)


def test_arrays_of_objects_are_not_unpickled(tmp_path: Path):
    path = tmp_path / "m.skops"
    svm.save(path, train(corpus()).model)
    with zipfile.ZipFile(path) as stored:
        files = {name: stored.read(name) for name in stored.namelist()}
    np.save(tmp_path / "object.npy", np.array([object()], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path, "w") as again:
        for name, content in files.items():
            pickled = (tmp_path / "object.npy").read_bytes()
            again.writestr(name, content if name == "schema.json" else pickled)
    with pytest.raises(UserError, match="not a model of SERflow"):
        machine.load(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"chosen": {}},
        {"chosen": {"features": 3}},
        {"settings": {}},
        {"labels": ["a", "c"]},
        {"temperature": "hot"},
        {"temperature": -1.0},
    ],
)
def test_what_was_written_otherwise_is_told_in_words(tmp_path: Path, changes: dict[str, Any]):
    path = tmp_path / "m.skops"
    svm.save(path, replace(train(corpus(labels=["a", "b"])).model, **changes))
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow.*train it again"):
        machine.load(path)


def test_fewer_numbers_than_a_machine_has_are_told_in_words(tmp_path: Path):
    path = tmp_path / "m.skops"
    model = train(corpus(labels=["a", "b"])).model
    model.pipeline[-1]._n_support = model.pipeline[-1]._n_support - 1
    svm.save(path, model)
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow; train it again"):
        machine.load(path)
