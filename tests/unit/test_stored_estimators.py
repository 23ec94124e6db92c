"""Importing without a package that would come along."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from serflow.stored_estimators import absent


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
