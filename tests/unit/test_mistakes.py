"""The surest mistakes: by hand, over two models and two seeds."""

from __future__ import annotations

from small_outcomes import outcomes

from serflow.evaluation.mistakes import Mistake, most_confident


def test_the_surest_first_and_each_clip_once() -> None:
    found = outcomes(
        {
            "one": [{"a1": 0.1, "a2": 0.3, "b1": 0.2}],
            "two": [{"a1": 0.2, "a2": 0.4, "b1": 0.9}],
            "three": [{"a1": 0.25, "a2": 0.6, "b1": 0.3}],
        }
    )
    told = most_confident(found, ["one", "two", "three"], 6)
    # The only mistake of "three" is on a clip that "one" is surer of.
    assert told == [Mistake("one", "a1", "B", 0.9), Mistake("two", "b1", "A", 0.9)]
    assert most_confident(found, ["three"], 6) == [Mistake("three", "a1", "B", 0.75)]
    assert most_confident(found, ["one", "two", "three"], 1) == told[:1]


def test_seeds_are_averaged() -> None:
    found = outcomes({"one": [{"a1": 0.1, "b1": 0.9}, {"a1": 0.95, "b1": 0.4}]})
    # a1: 0.525 for A in the mean, which is right; b1: 0.65 for A, which is not.
    assert most_confident(found, ["one"], 6) == [Mistake("one", "b1", "A", 0.65)]


def test_a_model_without_mistakes() -> None:
    assert most_confident(outcomes({"one": [{"a1": 0.9, "b1": 0.1}]}), ["one"], 6) == []
