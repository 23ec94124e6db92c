"""Mean ranks over speakers, Friedman's test, and the groups that no test tells apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from serflow.evaluation.groups import not_told_apart
from serflow.evaluation.ranks import ranks


def test_by_hand():
    scores = [[0.9, 0.5, 0.5], [0.8, 0.7, 0.6], [0.4, 0.6, 0.2], [0.7, 0.7, 0.1]]
    found = ranks(["x", "y", "z"], scores)
    assert [row["model"] for row in found] == ["x", "y", "z"]
    assert [row["mean_rank"] for row in found] == [5.5 / 4, 7 / 4, 11.5 / 4]
    assert {row["speakers"] for row in found} == {4}
    # Textbook formula without the correction for ties, divided by 1 - 12 / (4 * (27 - 3)).
    plain = 12 / (4 * 3 * 4) * (5.5**2 + 7**2 + 11.5**2) - 3 * 4 * 4
    assert found[0]["friedman"] == pytest.approx(plain / (1 - 12 / 96))
    assert found[0]["p_value"] == pytest.approx(np.exp(-found[0]["friedman"] / 2))


def test_equal_on_paper_is_equal():
    mean = sum([0.1, 0.2, 0.3]) / 3
    assert mean != 0.2
    found = ranks(["x", "y", "z"], [[mean, 0.2, 0.1]] * 3)
    assert [row["mean_rank"] for row in found] == [1.5, 1.5, 3]


def test_models_that_never_differ_have_no_test():
    found = ranks(["x", "y", "z"], np.full((5, 3), 0.5))
    assert {(row["mean_rank"], row["friedman"], row["p_value"]) for row in found} == {
        (2, None, None)
    }


@pytest.mark.parametrize("shape", [(10, 2), (2, 3), (0, 3)])
def test_too_few_to_rank(shape):
    speakers, models = shape
    assert ranks([f"m{n}" for n in range(models)], np.zeros((speakers, models))) == []


def pairs(names, *apart, p_holm="0.01", low="0.02"):
    return [
        {
            "model_a": a,
            "model_b": b,
            "low": low if a + b in apart else "-0.1",
            "high": "0.2",
            "p_holm": p_holm if a + b in apart else "0.9",
        }
        for a, b in combinations(names, 2)
    ]


@pytest.mark.parametrize(
    ("apart", "groups"),
    [
        ((), [(0, 3)]),
        (("ad",), [(0, 2), (1, 3)]),
        (("ac", "ad", "bd"), [(0, 1), (1, 2), (2, 3)]),
        (("ab", "ac", "ad", "bc", "bd", "cd"), []),
        # b and c are told apart, which parts a from c too, although no test does.
        (("bc",), [(0, 1), (2, 3)]),
        (("ab", "cd"), [(1, 2)]),
    ],
)
def test_groups_are_the_longest_runs_without_a_pair_told_apart(apart, groups):
    assert not_told_apart("abcd", pairs("abcd", *apart), 0.95) == groups
    # The order in the table of pairs is not that of the ranks.
    assert not_told_apart("abcd", pairs("dcba", *(pair[::-1] for pair in apart)), 0.95) == groups


def test_interval_and_test_both_have_to_tell_apart():
    assert not_told_apart("ab", pairs("ab", "ab"), 0.95) == []
    assert not_told_apart("ab", pairs("ab", "ab", p_holm="0.06"), 0.95) == [(0, 1)]
    assert not_told_apart("ab", pairs("ab", "ab", p_holm="0.06"), 0.9) == []
    assert not_told_apart("ab", pairs("ab", "ab", low="-0.01"), 0.95) == [(0, 1)]
