"""Which clips explanations show."""

from __future__ import annotations

from serflow.explanations.telling import choose, rival


def row(clip: str, label: str, p_a: float) -> dict[str, str]:
    predicted = "A" if p_a >= 0.5 else "B"
    named = {"clip": clip, "label": label, "predicted": predicted}
    return {**named, "p_A": str(p_a), "p_B": str(1 - p_a)}


def test_the_surest_of_each_kind_and_of_different_labels() -> None:
    rows = [
        *(row("a1", "A", 0.9), row("a2", "A", 0.8), row("a3", "A", 0.3)),
        *(row("b1", "B", 0.4), row("b2", "B", 0.7), row("b3", "B", 0.95)),
    ]
    # a2 is surer than b1, but of the same label as a1.
    assert [one["clip"] for one in choose(rows)] == ["a1", "b1", "b3", "a3"]
    assert [one["clip"] for one in choose(rows, each=1)] == ["a1", "b3"]


def test_fewer_where_there_are_no_more() -> None:
    rows = [row("a1", "A", 0.9), row("a2", "A", 0.9)]
    assert [one["clip"] for one in choose(rows)] == ["a1", "a2"]


def test_a_wrong_answer_leads_over_the_truth_and_a_right_one_over_the_likeliest_other() -> None:
    told = {"clip": "a", "predicted": "A", "p_A": "0.5", "p_C": "0.2", "p_B": "0.2", "p_D": "0.1"}
    assert rival({**told, "label": "D"}) == "D"
    assert rival({**told, "label": "A"}) == "B"
