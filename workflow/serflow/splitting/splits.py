"""The table of folds: which clip is trained on, validated on and tested on, in which fold.

Every choice that a protocol leaves open follows a hash of the seed and the name of what is chosen,
never its place in a list: the order of the rows does not matter, and a new clip of a known speaker
seldom moves others.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from serflow.errors import UserError
from serflow.splitting import protocols
from serflow.splitting.protocols import Protocol, Row

ATTEMPTS = 64
"""Draws of validation speakers that are looked at before the best of them is taken."""


def assign(rows: Sequence[Row], protocol: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the role of every clip in every fold, which is clips times folds rows.

    Parameters
    ----------
    rows
        The clip table; `clip`, `label`, `speaker`, `split` and, where it is there, `gender` are
        read.
    protocol
        The configuration's block, see `serflow.splitting.protocols`.

    Yields
    ------
    dict
        `clip`, `fold` (int from 0), `role` ("train", "validation" or "test"), sorted by fold and
        clip.

    Raises
    ------
    UserError
        As `serflow.splitting.protocols.fold_count`, and if a fold has no training clip of some
        label.

    Notes
    -----
    `random` deals each label's clips to the folds in turn. `group-k-fold` takes speakers gender by
    gender, those with most clips first, and gives each to the fold whose clips so far are least
    like its own (the smallest inner product of their shares of every label and of their gender);
    that evens out clips, labels and genders, and no fold stays empty. `loso` numbers folds by
    sorted speaker, named folds (`serflow.splitting.named_folds`) stand in their paper's order.
    Speakers that `speakers` does not list are only ever trained on.
    """
    plan = protocols.read(protocol)
    folds = protocols.fold_count(protocol, rows)
    rows = sorted(rows, key=lambda row: str(row["clip"]))
    tested_in = _tested_in(rows, plan, folds)
    for fold in range(folds):
        training = [row for row, home in zip(rows, tested_in, strict=True) if home != fold]
        validation = _validation_clips(training, plan, fold)
        _check_labels(rows, training, validation, plan, fold)
        for row, home in zip(rows, tested_in, strict=True):
            clip = row["clip"]
            role = "test" if home == fold else "validation" if clip in validation else "train"
            yield {"clip": clip, "fold": fold, "role": role}


def check_training(rows: Sequence[Row], protocol: Mapping[str, Any]) -> None:
    """Raise what `assign` would of a label that some fold tests whole, long before `assign` runs.

    Whether a label is left none by the validation is not looked at: that takes as long as `assign`.
    """
    plan = protocols.read(protocol)
    labels = Counter(row["label"] for row in rows)
    if plan.type == "random" and min(labels.values()) > 1:
        # Dealt in turn: two clips of a label are never in one fold alone.
        return
    if plan.type == "group-k-fold":
        speakers = {row["speaker"] for row in rows}
        if len({(row["label"], row["speaker"]) for row in rows}) == len(labels) * len(speakers):
            # Every speaker has every label, and no fold has all speakers.
            return
    folds = protocols.fold_count(protocol, rows)
    homes: dict[str, set[int | None]] = defaultdict(set)
    for row, home in zip(rows, _tested_in(rows, plan, folds), strict=True):
        homes[row["label"]].add(home)
    for label, of_label in sorted(homes.items()):
        [fold, *others] = of_label
        if fold is not None and not others:
            raise _untrained(plan, fold, label, labels[label], validation=False)


def deal_speakers(rows: Sequence[Row], folds: int, seed: int) -> dict[str, int]:
    """Return the fold of every speaker under `group-k-fold` (the rule is in `assign`'s notes)."""
    labels = sorted({row["label"] for row in rows})
    genders = sorted({_gender(row) for row in rows})
    clips: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(labels) + len(genders)))
    gender: dict[str, str] = {}
    for row in rows:
        gender.setdefault(row["speaker"], _gender(row))
        clips[row["speaker"]][labels.index(row["label"])] += 1
        clips[row["speaker"]][len(labels) + genders.index(_gender(row))] += 1
    total = sum(clips.values(), np.zeros(len(labels) + len(genders)))

    def turn(speaker: str) -> tuple[str, float, int]:
        return gender[speaker], -float(clips[speaker].sum()), _draw(seed, "deal", speaker)

    dealt = np.zeros((folds, len(total)))
    home = {}
    for speaker in sorted(clips, key=turn):
        share = clips[speaker] / total
        home[speaker] = int(np.argmin(np.round(dealt @ share, 12)))
        dealt[home[speaker]] += share
    return home


def _tested_in(rows: Sequence[Row], plan: Protocol, folds: int) -> list[int | None]:
    """Return for each row the fold that tests it, `None` if it is only ever trained on."""
    if plan.type == "given":
        return [0 if row["split"] == "test" else None for row in rows]
    if plan.type == "random":
        turn = sorted(rows, key=lambda row: (row["label"], _draw(plan.seed, "random", row["clip"])))
        fold_of = {row["clip"]: place % folds for place, row in enumerate(turn)}
        return [fold_of[row["clip"]] for row in rows]
    if plan.type == "group-k-fold":
        home = deal_speakers(rows, folds, plan.seed)
    elif plan.type == "loso":
        home = {
            speaker: fold for fold, speaker in enumerate(sorted({row["speaker"] for row in rows}))
        }
    else:
        home = {
            speaker: fold for fold, listed in enumerate(plan.test_speakers) for speaker in listed
        }
    return [home.get(row["speaker"]) for row in rows]


def _validation_clips(training: Sequence[Row], plan: Protocol, fold: int) -> set[str]:
    if plan.validation == 0:
        return set()
    speakers = {row["speaker"] for row in training}
    by_speaker = plan.type != "random" and "" not in speakers
    if by_speaker and len(speakers) > 1:
        chosen = _validation_speakers(training, plan, fold)
        return {row["clip"] for row in training if row["speaker"] in chosen}
    if by_speaker and not plan.allow_speaker_overlap:
        raise UserError(
            f"`protocol.validation`: {plan.validation:g} of the training speakers is given, but "
            f"fold {fold} trains on one speaker only ({next(iter(speakers))}); set "
            "`protocol.validation`: 0, or let validation share the speaker with "
            "`protocol.allow_speaker_overlap`: true"
        )
    clips = defaultdict(list)
    for row in training:
        clips[row["label"]].append(row["clip"])
    chosen = set()
    for of_label in clips.values():
        of_label.sort(key=lambda clip: _draw(plan.seed, "validation", fold, clip))
        if len(of_label) > 1:
            chosen.update(of_label[: _some(plan.validation, len(of_label))])
    return chosen


def _validation_speakers(training: Sequence[Row], plan: Protocol, fold: int) -> set[str]:
    """Choose speakers, genders in proportion, both sides with every label if a draw can."""
    labels: dict[str, set[str]] = defaultdict(set)
    genders: dict[str, list[str]] = defaultdict(list)
    for row in training:
        if row["speaker"] not in labels:
            genders[_gender(row)].append(row["speaker"])
        labels[row["speaker"]].add(row["label"])
    wanted = len({row["label"] for row in training})
    number = _some(plan.validation, len(labels))

    def missing(chosen: set[str]) -> tuple[int, int]:
        kept = set().union(*(labels[speaker] for speaker in labels if speaker not in chosen))
        held = set().union(*(labels[speaker] for speaker in chosen))
        return wanted - len(kept), wanted - len(held)

    best: set[str] = set()
    fewest = (wanted + 1, 0)
    for attempt in range(ATTEMPTS):
        key = (plan.seed, "validation", fold, attempt)
        quota = _quotas({gender: len(names) for gender, names in genders.items()}, number, key)
        chosen = set()
        for gender, names in genders.items():
            chosen.update(sorted(names, key=lambda name: _draw(*key, name))[: quota[gender]])
        if missing(chosen) < fewest:
            best, fewest = chosen, missing(chosen)
        if fewest == (0, 0):
            break
    return best


def _quotas(sizes: Mapping[str, int], number: int, key: Iterable[Any]) -> dict[str, int]:
    """Share `number` places over groups in proportion to their sizes, by largest remainder."""
    total = sum(sizes.values())
    quota = {group: number * size // total for group, size in sizes.items()}
    key = tuple(key)
    by_remainder = sorted(
        sizes, key=lambda group: (-(number * sizes[group] % total), _draw(*key, "quota", group))
    )
    for group in by_remainder[: number - sum(quota.values())]:
        quota[group] += 1
    return quota


def _check_labels(
    rows: Sequence[Row], training: Sequence[Row], validation: set[str], plan: Protocol, fold: int
) -> None:
    trained = {row["label"] for row in training if row["clip"] not in validation}
    for label in sorted({row["label"] for row in rows} - trained):
        by_validation = any(row["label"] == label for row in training)
        clips = sum(row["label"] == label for row in rows)
        raise _untrained(plan, fold, label, clips, by_validation)


def _untrained(plan: Protocol, fold: int, label: str, clips: int, validation: bool) -> UserError:
    if validation:
        key, side, remedy = "validation", "validation or test", "lower it, or set it to 0"
    else:
        key = {"speakers": "test_speakers", "group-k-fold": "folds", "random": "folds"}.get(
            plan.type, "type"
        )
        side, remedy = (
            "test",
            "choose folds that leave it some, or take the label out of `corpus.labels`",
        )
    held_out = f"all {clips} are" if clips > 1 else "the only one is"
    return UserError(
        f"`protocol.{key}`: fold {fold} has no training clip of label {label!r} ({held_out} held "
        f"out for {side}); {remedy}"
    )


def _some(fraction: float, number: int) -> int:
    """Return that fraction of `number` (at least 2), rounded half up, at least 1 and never all."""
    return min(max(1, int(fraction * number + 0.5)), number - 1)


def _gender(row: Row) -> str:
    return str(row.get("gender", ""))


def _draw(*key: Any) -> int:
    """Return a number that is fixed by `key` and looks random."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, key)).encode()).digest()[:8], "big")
