"""Which clips have a card in the report: two examples of each label, and the surest mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from serflow.evaluation.mistakes import most_confident
from serflow.evaluation.outcomes import Outcomes
from serflow.splitting.examples import choose

Card = dict[str, Any]
MOST_MISTAKES = 6


def choice(
    rows: Sequence[Mapping[str, Any]],
    splits: Iterable[Mapping[str, str]],
    outcomes: Outcomes | None = None,
    models: Sequence[str] = (),
) -> list[Card]:
    """Return the cards: of each label a training and a test clip of the first fold, then mistakes.

    Parameters
    ----------
    rows
        The clip table.
    splits
        Rows of clip, fold, role; they are gone through once.
    outcomes
        What models predicted; None where no model recognises labels.
    models
        Those whose mistakes are told.

    Returns
    -------
    list of dict
        `name`, as ``test2``, that no other card has; `role` (``train``, ``test`` or ``mistake``),
        `clip`, `label`, `speaker`; of a mistake also the `model` and the label `taken_for`.
    """
    cards: list[Card] = [{"clip": one["clip"], "role": one["role"]} for one in choose(rows, splits)]
    if outcomes is not None:
        cards += [
            {"clip": one.clip, "role": "mistake", "model": one.model, "taken_for": one.predicted}
            for one in most_confident(outcomes, models, MOST_MISTAKES)
        ]
    wanted = {card["clip"] for card in cards}
    known = {row["clip"]: row for row in rows if row["clip"] in wanted}
    counts: Counter[str] = Counter()
    for card in cards:
        counts[card["role"]] += 1
        card["name"] = f"{card['role']}{counts[card['role']]}"
        card |= {key: known[card["clip"]][key] for key in ("label", "speaker")}
    return cards
