"""Permutation importance: by hand, and what has no say is worth nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from serflow.explanations.importance import Fold, importance, parts
from serflow.figures import importance as figure

SETTINGS = {"confidence": 0.95, "resamples": 200, "seed": 0}


def test_bands_and_coefficients_are_every_nth_column() -> None:
    found = parts("sc+mfcc2+own", {"sc": 6, "mfcc2": 4, "own": 3}, ["low", "mid", "high"])
    assert {part.name: part.columns.tolist() for part in found} == {
        "sc low": [0, 3],
        "sc mid": [1, 4],
        "sc high": [2, 5],
        "mfcc2 MFCC 0": [6, 8],
        "mfcc2 MFCC 1": [7, 9],
        "own": [10, 11, 12],
    }
    statistics = parts("mfcc2stats", {"mfcc2stats": 28}, [])
    assert [part.name for part in statistics] == ["MFCC 0", "MFCC 1"]
    assert statistics[1].columns.tolist() == list(range(1, 28, 2))


def folds() -> list[Fold]:
    """Two folds of 40 clips by 4 speakers; the sign of column 0 is the label, column 1 is noise."""
    generator = np.random.default_rng(0)
    made = []
    for number in range(2):
        truth = np.arange(40) % 2
        X = np.stack([2.0 * truth - 1, generator.standard_normal(40)], axis=1)
        speaker = np.array([f"s{2 * number + place // 20}" for place in range(40)])
        made.append(Fold(lambda X: (X[:, 0] > 0).astype(int), X, truth, speaker))
    return made


def test_only_what_the_machine_reads_is_worth_something() -> None:
    rows = importance(folds(), parts("own+none", {"own": 1, "none": 1}, []), 2, SETTINGS, 50)
    by_part: dict[str, Any] = {row["part"]: row for row in rows}
    assert by_part["own"]["uar"] == 1
    # Dealt anew, half of two equally frequent labels are right by chance: 20 of 39 are wrong.
    assert by_part["own"]["drop"] == pytest.approx(20 / 40, abs=0.03)
    assert 0 < by_part["own"]["low"] <= by_part["own"]["drop"] <= by_part["own"]["high"]
    nothing = by_part["none"]
    assert (nothing["drop"], nothing["low"], nothing["high"]) == (0, 0, 0)
    assert (nothing["clips"], nothing["speakers"], nothing["unit"]) == (80, 4, "speakers")
    again = importance(folds(), parts("own+none", {"own": 1, "none": 1}, []), 2, SETTINGS, 50)
    assert rows == again


def test_labels_that_no_test_clip_has_are_left_out() -> None:
    rows = importance(folds(), parts("own+none", {"own": 1, "none": 1}, []), 5, SETTINGS, 2)
    assert rows[0]["uar"] == 1


def test_the_figure_shows_the_best_and_can_be_empty() -> None:
    one = {"part": "band 1", "drop": "0.1", "low": "0.05", "high": "0.2"}
    rows = [{"model": f"m{place}", "uar": f"0.{place}", **one} for place in range(1, 10)]
    assert figure.drawn(rows) == ["m9", "m8", "m7", "m6", "m5", "m4"]
    drawn = figure.plot(rows, colours=dict.fromkeys((row["model"] for row in rows), "#0072B2"))
    titles = [axes.get_title() for axes in drawn.axes]
    assert titles[0] == "m9 (UAR 0.900)"
    assert len(titles) == 6
    assert figure.plot([], colours={}).texts[0].get_text().startswith("no SVM")
