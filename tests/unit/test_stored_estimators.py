"""Importing without a package that would come along."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from serflow.stored_estimators import absent, dump, skops_io


@pytest.fixture
def forgotten():
    """A package of the standard library that is not imported yet, and is not after the test."""
    name = "wsgiref"
    known = sys.modules.pop(name, None)
    yield name
    sys.modules.pop(name, None)
    if known is not None:
        sys.modules[name] = known


def test_inside_the_import_fails_and_afterwards_it_works(forgotten: str):
    with absent(forgotten), pytest.raises(ImportError):
        importlib.import_module(forgotten)
    assert importlib.import_module(forgotten).__name__ == forgotten


def test_it_works_again_after_an_error(forgotten: str):
    with pytest.raises(RuntimeError), absent(forgotten):
        raise RuntimeError
    assert importlib.import_module(forgotten).__name__ == forgotten


def test_what_is_imported_already_stays():
    module = sys.modules["importlib"]
    with absent("importlib"):
        assert sys.modules["importlib"] is module
    assert sys.modules["importlib"] is module


def test_skops_trusts_the_same_estimators_without_torch():
    told = [
        subprocess.run(
            [
                sys.executable,
                "-c",
                f"import {first}, sys\n"
                "from skops.io import _trusted_types as types\n"
                "print('torch' in sys.modules, *types.SKLEARN_ESTIMATOR_TYPE_NAMES)",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for first in ("skops.io", "serflow.stored_estimators")
    ]
    assert [loaded for loaded, *_ in told] == ["True", "False"]
    assert told[0][1:] == told[1][1:]
    assert "sklearn.svm._classes.SVC" in told[0]


def test_the_same_estimator_is_stored_as_the_same_bytes(tmp_path: Path):
    shared = np.arange(3.0)
    files = [tmp_path / "1.skops", tmp_path / "2.skops"]
    held = []
    for path in files:
        # All of it anew and kept, so that everything lies elsewhere in memory.
        scaler = StandardScaler().fit(np.arange(12.0).reshape(4, 3) ** 2)
        value = {"scaler": scaler, "again": scaler, "arrays": [shared.copy()] * 2, "name": "x"}
        held.append(value)
        dump(value, path)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_what_is_stored_so_comes_back(tmp_path: Path):
    scaler = StandardScaler().fit([[1.0, 2.0], [3.0, 6.0]])
    path = tmp_path / "it.skops"
    # A number and a text that look like places in memory are not touched.
    value = {"scaler": scaler, "mean": scaler.mean_, "number": 140179681042928, "file": "7.npy"}
    dump(value, path)
    back = skops_io.load(path)
    assert list(back) == list(value)
    assert (back["number"], back["file"]) == (140179681042928, "7.npy")
    np.testing.assert_array_equal(back["mean"], [2.0, 4.0])
    np.testing.assert_array_equal(back["scaler"].transform([[2.0, 4.0]]), [[0.0, 0.0]])
    # One array, stored once, for the scaler and beside it.
    with zipfile.ZipFile(path) as stored:
        names = [name for name in stored.namelist() if name != "schema.json"]
        assert names == sorted(names, key=lambda name: int(Path(name).stem))
        assert len(names) == len(set(names))
        json.loads(stored.read("schema.json"))
