"""What the configuration's `protocol` block asks for, checked against the clip table.

Imports the standard library only: the Snakefile calls `fold_count` while it is parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from serflow.errors import UserError
from serflow.splitting import named_folds
from serflow.splitting.named_folds import NAMED

TYPES = ("given", "speakers", *NAMED, "group-k-fold", "loso", "random")
NEEDS_SPEAKERS = ("speakers", *NAMED, "group-k-fold", "loso")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Protocol:
    """How clips are split, with every value of the type that the code wants.

    Attributes
    ----------
    type
        One of `TYPES`.
    folds
        Number of folds asked for (`group-k-fold`, `random`), else 0.
    test_speakers
        Test speakers of each fold (`speakers` and the named folds), else empty.
    validation
        Fraction of the training speakers (of the training clips where the split does not go by
        speakers) that is held out for validation, 0 for none.
    seed
        Seeds every choice that the protocol leaves open.
    allow_speaker_overlap
        Whether the user accepts, in words, the same voice in training and test.
    """

    type: str
    folds: int
    test_speakers: tuple[tuple[str, ...], ...]
    validation: float
    seed: int
    allow_speaker_overlap: bool


def read(protocol: Mapping[str, Any]) -> Protocol:
    """Return the configuration's `protocol` block as a `Protocol`.

    Speaker names that YAML reads as integers become strings. Raises `UserError` that names the key.
    """
    kind = protocol.get("type")
    if kind not in TYPES:
        raise UserError(f"`protocol.type`: {kind!r} is given; wanted is one of {', '.join(TYPES)}")
    validation = protocol.get("validation", 0)
    if isinstance(validation, bool) or not isinstance(validation, int | float):
        raise UserError(
            f"`protocol.validation`: {validation!r} is given; wanted is a fraction from 0 to 0.5"
        )
    if not 0 <= validation <= 0.5:
        raise UserError(
            f"`protocol.validation`: {validation} is given; wanted is a fraction from 0 to 0.5"
        )
    counted = kind in ("group-k-fold", "random")
    listed: tuple[tuple[str, ...], ...] = ()
    if kind == "speakers":
        listed = _listed_folds(protocol.get("test_speakers"))
    elif kind in NAMED:
        listed = NAMED[kind].test_speakers
    return Protocol(
        type=kind,
        folds=_number_of_folds(kind, protocol.get("folds")) if counted else 0,
        test_speakers=listed,
        validation=float(validation),
        seed=int(protocol.get("seed", 0)),
        allow_speaker_overlap=bool(protocol.get("allow_speaker_overlap", False)),
    )


def fold_count(protocol: Mapping[str, Any], rows: Sequence[Row]) -> int:
    """Return the number of folds that `protocol` makes of the clip table.

    Parameters
    ----------
    protocol
        The configuration's block.
    rows
        The clip table: `clip`, `speaker` and `split` are read.

    Raises
    ------
    UserError
        If the protocol cannot be carried out on these clips: it names speakers that do not exist
        (named folds: or not all that do), asks for more folds than there are speakers, needs
        speakers where they are not known, lacks one side of a given split, or shares speakers
        without `allow_speaker_overlap`.
    """
    plan = read(protocol)
    speakers = Counter(str(row["speaker"]) for row in rows)
    unknown = speakers.pop("", 0)
    if not rows:
        raise UserError("`protocol`: there is no clip to split; see `corpus.path`")
    if unknown:
        _refuse_unknown_speakers(plan, rows, unknown)
    if plan.type == "given":
        _check_given(plan, rows)
        return 1
    if plan.type == "speakers":
        _check_listed(plan.test_speakers, speakers)
        return len(plan.test_speakers)
    if plan.type in NAMED:
        named_folds.check(plan.type, speakers)
        return len(plan.test_speakers)
    if plan.type == "random":
        _check_random(plan, len(rows))
        return plan.folds
    if len(speakers) < 2:
        raise UserError(
            f"`protocol.type`: {plan.type} is given, but all clips are of one speaker "
            f"({next(iter(speakers))}); speaker-independent folds need at least two"
        )
    if plan.type == "loso":
        return len(speakers)
    if plan.folds > len(speakers):
        raise UserError(
            f"`protocol.folds`: {plan.folds} folds are given for {len(speakers)} speakers; "
            f"wanted are at most {len(speakers)} (which is `protocol.type`: loso)"
        )
    return plan.folds


def _number_of_folds(kind: str, folds: Any) -> int:
    if isinstance(folds, bool) or not isinstance(folds, int) or folds < 2:
        raise UserError(
            f"`protocol.folds`: {folds!r} is given; {kind} wants a whole number of folds, at least "
            "2"
        )
    return folds


def _listed_folds(folds: Any) -> tuple[tuple[str, ...], ...]:
    wanted = "speakers wants a list of test speakers for each fold, as in [[1, 2, 3], [4, 5, 6]]"
    if not isinstance(folds, list | tuple) or not folds:
        raise UserError(f"`protocol.test_speakers`: {folds!r} is given; {wanted}")
    for fold in folds:
        if not isinstance(fold, list | tuple) or not fold:
            raise UserError(f"`protocol.test_speakers`: {fold!r} is given as one fold; {wanted}")
    return tuple(tuple(str(speaker) for speaker in fold) for fold in folds)


def _refuse_unknown_speakers(plan: Protocol, rows: Sequence[Row], unknown: int) -> None:
    example = next(row["clip"] for row in rows if not row["speaker"])
    if plan.type in NEEDS_SPEAKERS:
        raise UserError(
            f"`protocol.type`: {plan.type} splits by speaker, but {unknown} of {len(rows)} clips "
            f"have no known speaker (the first is {example}); tell `corpus.speaker` how to find "
            "it, or choose given or random"
        )
    if not plan.allow_speaker_overlap:
        raise UserError(
            f"`protocol.type`: {plan.type} is given and {unknown} of {len(rows)} clips have no "
            f"known speaker (the first is {example}), so nobody can tell whether a voice is in "
            "training and in test; tell `corpus.speaker` how to find speakers, or accept it with "
            "`protocol.allow_speaker_overlap`: true"
        )


def _check_given(plan: Protocol, rows: Sequence[Row]) -> None:
    counts = Counter(row["split"] for row in rows)
    strange = next((row for row in rows if row["split"] not in ("train", "test")), None)
    if strange is not None and (counts["train"] or counts["test"]):
        raise UserError(
            f"`protocol.type`: given wants every clip in train or test, but {strange['clip']} is "
            f"in {strange['split']!r}; complete the split, or choose another `protocol.type`"
        )
    for side in ("train", "test"):
        if not counts[side]:
            raise UserError(
                "`protocol.type`: given wants clips in train and in test, but the corpus has none "
                f"in {side}; give the split (folders Train/ and Test/, or the sheet's split "
                "column), or choose another `protocol.type`"
            )
    sides: dict[str, set[str]] = {"train": set(), "test": set()}
    for row in rows:
        sides[row["split"]].add(str(row["speaker"]))
    shared = sorted(sides["train"] & sides["test"] - {""})
    if shared and not plan.allow_speaker_overlap:
        raise UserError(
            f"`protocol.type`: given has {len(shared)} speakers both in train and in test: "
            f"{', '.join(shared[:20])}{' …' if len(shared) > 20 else ''}; move their clips to one "
            "side, correct the speakers, or accept it with `protocol.allow_speaker_overlap`: true "
            "(the report then says so in red)"
        )


def _check_random(plan: Protocol, clips: int) -> None:
    if not plan.allow_speaker_overlap:
        raise UserError(
            "`protocol.type`: random puts the same voices into training and test, which flatters "
            "every model; accept it with `protocol.allow_speaker_overlap`: true, or choose "
            "group-k-fold"
        )
    if plan.folds > clips:
        raise UserError(
            f"`protocol.folds`: {plan.folds} folds are given for {clips} clips; wanted are at most "
            f"{clips}"
        )


def _check_listed(folds: Sequence[Sequence[str]], speakers: Collection[str]) -> None:
    first: dict[str, int] = {}
    for number, fold in enumerate(folds):
        for speaker in fold:
            if speaker not in speakers:
                raise UserError(
                    f"`protocol.test_speakers`: speaker {speaker!r} of fold {number} is not in the "
                    f"corpus; {_nearest(speaker, speakers)}"
                )
            if speaker in first:
                raise UserError(
                    f"`protocol.test_speakers`: speaker {speaker!r} is listed in fold "
                    f"{first[speaker]} and in fold {number}; wanted is each test speaker once, so "
                    "that every clip is tested once"
                )
            first[speaker] = number


def _nearest(speaker: str, speakers: Collection[str]) -> str:
    names = sorted(speakers)
    same_number = [name for name in names if name.lstrip("0") == speaker.lstrip("0")]
    near = same_number or get_close_matches(speaker, names, n=3, cutoff=0.5)
    if near:
        shown = ", ".join(map(repr, near))
        return f"the nearest are {shown} (names are compared exactly; quote leading zeros)"
    shown = ", ".join(map(repr, names[:10]))
    return f"its speakers are {shown}{f' and {len(names) - 10} more' if len(names) > 10 else ''}"
