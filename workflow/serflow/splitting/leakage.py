"""The leakage gate: whether anything heard in training is heard again in validation or test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serflow.errors import UserError

COLUMNS = ("fold", "kind", "severity", "what", "roles", "clips")
ROLES = ("train", "validation", "test")
SHOWN = 6

Row = Mapping[str, Any]
Finding = dict[str, Any]


def findings(
    splits: Iterable[Row],
    clips: Iterable[Row],
    recordings: Iterable[Row],
    allow_speaker_overlap: bool,
) -> list[Finding]:
    """Look for clips, speakers and identical audio that roles of a fold share.

    Parameters
    ----------
    splits
        Rows of `clip`, `fold`, `role`.
    clips
        The clip table; `clip`, `label` and `speaker` are read.
    recordings
        Rows of `clip` and `pcm_hash` (hash of the samples; an empty one is not compared).
    allow_speaker_overlap
        Whether the user accepted, in words, shared or unknown speakers.

    Returns
    -------
    list of dict
        `fold` (int), `kind` ("clip", "speaker" or "audio"), `severity`, `what` (a sentence),
        `roles` and `clips` (names in one string each), sorted by fold and kind. Severities:

        - "error": a clip listed twice, a speaker in two roles, unknown speakers, identical audio in
          two roles by different or unknown speakers;
        - "allowed": shared or unknown speakers that the user accepted;
        - "warning": identical audio of one speaker, or inside one role, or under different labels.

        Identical audio that no fold has in two roles is listed once, with its first fold, as are
        different labels of the same audio.
    """
    table = _Table.of(clips)
    folds = table.read(splits)
    found: list[Finding] = []
    overlap = "allowed" if allow_speaker_overlap else "error"
    for fold in folds:
        found += _shared_clips(fold, table)
        found += _shared_speakers(fold, table, overlap)
    found += _identical_audio(folds, _copies(recordings, table), table)
    return sorted(found, key=lambda row: (row["fold"], row["kind"], row["what"], row["clips"]))


def verdict(found: Sequence[Finding]) -> None:
    """Raise `UserError` that lists the findings of severity "error", each with what to do."""
    errors = [row for row in found if row["severity"] == "error"]
    if not errors:
        return
    remedies = {
        "clip": "list each clip once in the corpus",
        "speaker": "choose a `protocol.type` that splits by speaker, correct `corpus.speaker`, or "
        "accept shared voices with `protocol.allow_speaker_overlap`: true",
        "audio": "remove all but one of the identical recordings, or correct their speakers",
    }
    lines = [
        f"fold {row['fold']}: {row['what']} ({row['roles']}): {row['clips']}" for row in errors[:20]
    ]
    if len(errors) > len(lines):
        lines.append(f"and {len(errors) - len(lines)} more, all in leakage.tsv")
    lines += [
        f"What to do: {remedies[kind]}."
        for kind in remedies
        if any(row["kind"] == kind for row in errors)
    ]
    raise UserError("training and test are not separate:\n  " + "\n  ".join(lines))


@dataclass(frozen=True, eq=False)
class _Fold:
    """One fold: of each clip of the table a number, because a table has clips times folds roles.

    `roles` holds where a role stands in `ROLES`, from 1; 0 for a clip that the fold does not have.
    `again` holds the other roles of clips that are listed more than once.
    """

    number: int
    roles: bytearray
    again: dict[int, list[int]]


@dataclass(frozen=True)
class _Table:
    """The columns of the clip table, and each clip's place in it."""

    clip: list[str]
    label: list[str]
    speaker: list[str]
    place: dict[str, int]

    @classmethod
    def of(cls, clips: Iterable[Row]) -> _Table:
        rows = list(clips)
        name = [row["clip"] for row in rows]
        return cls(
            clip=name,
            label=[row["label"] for row in rows],
            speaker=[row["speaker"] for row in rows],
            place={clip: place for place, clip in enumerate(name)},
        )

    def read(self, splits: Iterable[Row]) -> list[_Fold]:
        """Return the folds, sorted."""
        number = {role: place for place, role in enumerate(ROLES, 1)}
        folds: dict[int, _Fold] = {}
        for row in splits:
            place = self.place.get(row["clip"])
            if place is None:
                raise UserError(
                    f"splits: clip {row['clip']} is not in the clip table; the two were not made "
                    "of the same corpus, make the splits again"
                )
            if row["role"] not in number:
                raise UserError(
                    f"splits: clip {row['clip']} has the role {row['role']!r}; known are "
                    f"{', '.join(ROLES)}; make the splits again"
                )
            fold = int(row["fold"])
            if fold not in folds:
                folds[fold] = _Fold(fold, bytearray(len(self.clip)), {})
            roles, again = folds[fold].roles, folds[fold].again
            if roles[place]:
                again.setdefault(place, []).append(roles[place])
            roles[place] = number[row["role"]]
        return [folds[fold] for fold in sorted(folds)]


def _shared_clips(fold: _Fold, table: _Table) -> list[Finding]:
    return [
        _finding(
            fold.number,
            "clip",
            "error",
            f"clip {table.clip[place]} is listed {len(others) + 1} times",
            [*others, fold.roles[place]],
            [table.clip[place]],
        )
        for place, others in fold.again.items()
    ]


def _shared_speakers(fold: _Fold, table: _Table, severity: str) -> list[Finding]:
    roles: dict[str, set[int]] = defaultdict(set)
    for speaker, role in {
        *zip(table.speaker, fold.roles, strict=True),
        *((table.speaker[place], role) for place, others in fold.again.items() for role in others),
    }:
        if role:
            roles[speaker].add(role)
    shared = {name for name, of_speaker in roles.items() if not name or len(of_speaker) > 1}
    if not shared:
        return []
    clips: dict[str, list[str]] = defaultdict(list)
    for place, (speaker, role) in enumerate(zip(table.speaker, fold.roles, strict=True)):
        if role and speaker in shared:
            clips[speaker] += [table.clip[place]] * (1 + len(fold.again.get(place, ())))
    found = []
    for name in shared:
        if name:
            what = f"speaker {name} is in {len(roles[name])} roles"
        else:
            number = len(clips[name])
            what = f"speaker of {number} clips unknown, shared voices cannot be ruled out"
        found.append(_finding(fold.number, "speaker", severity, what, roles[name], clips[name]))
    return found


def _identical_audio(
    folds: Sequence[_Fold], copies: Iterable[Sequence[int]], table: _Table
) -> list[Finding]:
    found = []
    for group in copies:
        # Of each fold that has two clips of the group, their roles.
        roles = {
            fold: present
            for fold in folds
            if len(present := [fold.roles[place] for place in group if fold.roles[place]]) > 1
        }
        if not roles:
            continue
        first = next(iter(roles))
        same = [place for place in group if first.roles[place]]
        clips = [table.clip[place] for place in same]
        speakers = sorted({table.speaker[place] for place in same})
        one_speaker = len(speakers) == 1 and speakers[0] != ""
        voices = f"of speaker {speakers[0]}" if one_speaker else "of different or unknown speakers"
        what = f"{len(same)} clips {voices} hold identical audio"
        crossing = {fold: present for fold, present in roles.items() if len(set(present)) > 1}
        severity = "warning" if one_speaker or not crossing else "error"
        for fold, present in (crossing or {first: roles[first]}).items():
            found.append(_finding(fold.number, "audio", severity, what, present, clips))
        labels = sorted({table.label[place] for place in same})
        if len(labels) > 1:
            what = f"identical audio has different labels: {', '.join(labels)}"
            found.append(_finding(first.number, "audio", "warning", what, roles[first], clips))
    return found


def _copies(recordings: Iterable[Row], table: _Table) -> list[list[int]]:
    """Return the places of clips with the same sound, in groups of two and more."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in recordings:
        # A recording that the clip table does not have is in no fold either.
        if row["pcm_hash"] and row["clip"] in table.place:
            groups[row["pcm_hash"]].append(table.place[row["clip"]])
    return [group for group in groups.values() if len(group) > 1]


def _finding(
    fold: int, kind: str, severity: str, what: str, roles: Iterable[int], clips: Sequence[str]
) -> Finding:
    present = set(roles)
    names = sorted(set(clips))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return {
        "fold": fold,
        "kind": kind,
        "severity": severity,
        "what": what,
        "roles": ", ".join(role for number, role in enumerate(ROLES, 1) if number in present),
        "clips": ", ".join(names[:SHOWN]) + more,
    }
