"""What the machines chose, told by their training records."""

from __future__ import annotations

import numpy as np
import pytest

from serflow import svm
from serflow.evaluation import choices
from serflow.sound.features import Features

PLAIN = {"family": "svm", "features": "sc", "kernel": "rbf", "C": 10}
SWEPT = {"family": "svm", "features": ["mfcc10", "mfcc9"], "kernel": "rbf", "C": [10, 1]}
NETWORK = {"family": "cnn1d"}


def record(features, C, **inner_uar):
    point = {"features": features, "kernel": "rbf", "C": float(C)}
    return {"chosen": point, "inner_uar": inner_uar}


def test_tables_by_hand():
    grid = ["mfcc10, rbf, C=1", "mfcc10, rbf, C=10", "mfcc9, rbf, C=1", "mfcc9, rbf, C=10"]
    first = record("mfcc9", 10, **dict(zip(grid, (0.1, 0.2, 0.3, 0.6), strict=True)))
    second = record("mfcc10", 1, **dict(zip(grid, (0.5, 0.2, 0.1, 0.4), strict=True)))
    runs = [
        ("plain", 0, 0, record("sc", 10)),
        ("swept", 0, 0, first),
        ("swept", 1, 0, second),
        ("net", 0, 3, {"family": "cnn1d"}),
    ]
    found = choices.collect(runs, {"plain": PLAIN, "swept": SWEPT, "net": NETWORK})
    assert [tuple(row.values()) for row in found["choices"]] == [
        ("plain", 0, 0, "sc, rbf, C=10", None),
        ("swept", 0, 0, "mfcc9, rbf, C=10", 0.6),
        ("swept", 1, 0, "mfcc10, rbf, C=1", 0.5),
    ]
    told = [
        (row["features"], row["C"], pytest.approx(row["inner_uar"]), row["chosen"], row["runs"])
        for row in found["alternatives"]
    ]
    # In the configuration's order of features, not by letters; penalties rise.
    assert told == [
        ("mfcc10", 1.0, 0.3, 1, 2),
        ("mfcc10", 10.0, 0.2, 0, 2),
        ("mfcc9", 1.0, 0.2, 0, 2),
        ("mfcc9", 10.0, 0.5, 1, 2),
    ]
    for name, rows in found.items():
        assert all(tuple(row) == choices.COLUMNS[name] for row in rows)


def test_without_inner_folds_there_is_no_score():
    found = choices.collect([("swept", 0, 0, record("mfcc10", 1))], {"swept": SWEPT})
    assert found["choices"][0]["inner_uar"] is None
    assert [row["inner_uar"] for row in found["alternatives"]] == [None] * 4


def test_without_machines_the_tables_are_empty():
    runs = [("net", 0, 0, {"family": "cnn1d"})]
    assert choices.collect(runs, {"net": NETWORK}) == {"choices": [], "alternatives": []}


def test_names_are_those_of_a_trained_machine():
    random = np.random.default_rng(0)
    label = np.array(["a", "b"] * 12)
    data = Features(
        X=(random.normal(size=(24, 2)) + (label == "a")[:, None]).astype(np.float32),
        clip=np.array([f"{place:02d}" for place in range(24)]),
        label=label,
        speaker=np.repeat(["s1", "s2", "s3", "s4"], 6),
        config={},
    )
    own = {"features": ["sc", "sbw"], "kernel": ["rbf", "linear"], "C": [0.5, 100]}
    test = data.speaker == "s4"
    settings = {**own, "scaling": "standard", "inner_folds": 3}
    outcome = svm.train({"sc": data, "sbw": data}, ~test, test, ["a", "b"], settings)
    made = {"chosen": outcome.model.chosen, "inner_uar": outcome.inner_uar}
    found = choices.collect([("m", 0, 0, made)], {"m": {"family": "svm", **own}})
    assert len(found["alternatives"]) == len(outcome.inner_uar) == 8
    assert {row["inner_uar"] for row in found["alternatives"]} == set(outcome.inner_uar.values())
    assert found["choices"][0]["inner_uar"] == max(outcome.inner_uar.values())
