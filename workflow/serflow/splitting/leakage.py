"""The leakage gate: whether anything heard in training is heard again in validation or test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    label = {row["clip"]: row["label"] for row in clips}
    speaker = {row["clip"]: row["speaker"] for row in clips}
    copies = _copies(recordings)
    by_fold: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in splits:
        if row["clip"] not in speaker:
            raise UserError(
                f"splits: clip {row['clip']} is not in the clip table; the two were not made of "
                "the same corpus, make the splits again"
            )
        by_fold[int(row["fold"])].append((row["clip"], row["role"]))
    found: list[Finding] = []
    overlap = "allowed" if allow_speaker_overlap else "error"
    for fold, members in sorted(by_fold.items()):
        found += _shared_clips(fold, members)
        found += _shared_speakers(fold, members, speaker, overlap)
    found += _identical_audio(by_fold, copies, speaker, label)
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


def _shared_clips(fold: int, members: Sequence[tuple[str, str]]) -> list[Finding]:
    roles: dict[str, list[str]] = defaultdict(list)
    for clip, role in members:
        roles[clip].append(role)
    return [
        _finding(
            fold, "clip", "error", f"clip {clip} is listed {len(of_clip)} times", of_clip, [clip]
        )
        for clip, of_clip in roles.items()
        if len(of_clip) > 1
    ]


def _shared_speakers(
    fold: int, members: Sequence[tuple[str, str]], speaker: Mapping[str, str], severity: str
) -> list[Finding]:
    roles: dict[str, set[str]] = defaultdict(set)
    clips: dict[str, list[str]] = defaultdict(list)
    for clip, role in members:
        roles[speaker[clip]].add(role)
        clips[speaker[clip]].append(clip)
    found = []
    for name, of_speaker in roles.items():
        if not name:
            number = len(clips[name])
            what = f"speaker of {number} clips unknown, shared voices cannot be ruled out"
        elif len(of_speaker) > 1:
            what = f"speaker {name} is in {len(of_speaker)} roles"
        else:
            continue
        found.append(_finding(fold, "speaker", severity, what, of_speaker, clips[name]))
    return found


def _identical_audio(
    by_fold: Mapping[int, Sequence[tuple[str, str]]],
    copies: Sequence[Sequence[str]],
    speaker: Mapping[str, str],
    label: Mapping[str, str],
) -> list[Finding]:
    group_of = {clip: number for number, group in enumerate(copies) for clip in group}
    roles: dict[int, dict[int, dict[str, str]]] = defaultdict(dict)
    for fold, members in sorted(by_fold.items()):
        for clip, role in members:
            if clip in group_of:
                roles[group_of[clip]].setdefault(fold, {})[clip] = role
    found = []
    for of_group in roles.values():
        folds = {fold: of_clip for fold, of_clip in of_group.items() if len(of_clip) > 1}
        if not folds:
            continue
        first = min(folds)
        same = sorted(folds[first])
        speakers = sorted({speaker[clip] for clip in same})
        one_speaker = len(speakers) == 1 and speakers[0] != ""
        voices = f"of speaker {speakers[0]}" if one_speaker else "of different or unknown speakers"
        what = f"{len(same)} clips {voices} hold identical audio"
        crossing = {
            fold: of_clip for fold, of_clip in folds.items() if len(set(of_clip.values())) > 1
        }
        severity = "warning" if one_speaker or not crossing else "error"
        for fold, of_clip in (crossing or {first: folds[first]}).items():
            found.append(_finding(fold, "audio", severity, what, of_clip.values(), same))
        labels = sorted({label[clip] for clip in same})
        if len(labels) > 1:
            what = f"identical audio has different labels: {', '.join(labels)}"
            found.append(_finding(first, "audio", "warning", what, folds[first].values(), same))
    return found


def _copies(recordings: Iterable[Row]) -> list[list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in recordings:
        if row["pcm_hash"]:
            groups[row["pcm_hash"]].append(row["clip"])
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _finding(
    fold: int, kind: str, severity: str, what: str, roles: Iterable[str], clips: Sequence[str]
) -> Finding:
    present = set(roles)
    names = sorted(set(clips))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return {
        "fold": fold,
        "kind": kind,
        "severity": severity,
        "what": what,
        "roles": ", ".join(role for role in ROLES if role in present),
        "clips": ", ".join(names[:SHOWN]) + more,
    }
