"""Choosing the clips that figures show: of each label one of the training and of the test side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def choose(
    rows: Sequence[Mapping[str, Any]], splits: Iterable[Mapping[str, str]], fold: int = 0
) -> list[dict[str, str]]:
    """Return example clips of one fold.

    A side's examples are of one speaker where one has clips of all labels there, so that the labels
    are compared and not the voices.

    Parameters
    ----------
    rows
        The clip table.
    splits
        Rows of clip, fold, role.

    Returns
    -------
    list of dict
        `label`, `role` ("train" or "test"), `clip`, `speaker`; training first, labels sorted. A
        label without a clip on a side is left out there.
    """
    role_of = {row["clip"]: row["role"] for row in splits if int(row["fold"]) == fold}
    labels = sorted({row["label"] for row in rows})
    chosen = []
    for role in ("train", "test"):
        inside = sorted(
            (r for r in rows if role_of.get(r["clip"]) == role), key=lambda r: str(r["clip"])
        )
        heard: dict[str, set[str]] = {}
        for row in inside:
            heard.setdefault(row["speaker"], set()).add(row["label"])
        complete = [speaker for speaker in sorted(heard) if len(heard[speaker]) == len(labels)]
        for label in labels:
            of_label = [row for row in inside if row["label"] == label]
            preferred = [row for row in of_label if complete and row["speaker"] == complete[0]]
            for row in (preferred or of_label)[:1]:
                chosen.append(
                    {"label": label, "role": role, "clip": row["clip"], "speaker": row["speaker"]}
                )
    return chosen
