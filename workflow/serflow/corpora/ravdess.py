"""RAVDESS speech: what file names say, which clips the archive holds, what a local copy holds.

Source: Livingstone S.R., Russo F.A. (2018), *The Ryerson Audio-Visual Database of Emotional Speech
and Song (RAVDESS)*, PLoS ONE 13(5): e0196391; Zenodo record 1188976. Only the standard library is
imported, because these functions run while the workflow is parsed.
"""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from serflow.corpora.walk import require_folder, wav_files
from serflow.errors import UserError

log = logging.getLogger(__name__)


class Archive(NamedTuple):
    """A published archive: its address, its size in bytes and its MD5 in hexadecimal digits."""

    url: str
    size: int
    md5: str


ARCHIVE = Archive(
    url="https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip",
    size=208_468_073,
    md5="bc696df654c87fed845eb13823edef8a",
)

EMOTIONS = {
    "01": "Neutral",
    "02": "Calm",
    "03": "Happy",
    "04": "Sad",
    "05": "Angry",
    "06": "Fearful",
    "07": "Disgust",
    "08": "Surprised",
}
INTENSITIES = {"01": "normal", "02": "strong"}
STATEMENTS = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
ACTORS = tuple(f"{actor:02d}" for actor in range(1, 25))

# modality 03 (audio only), channel 01 (speech), emotion, intensity, statement, repetition, actor
_NAME = re.compile(r"03-01-(0[1-8])-(0[12])-(0[12])-(?!00)(\d\d)-(?!00)(\d\d)")


def parse(name: str) -> dict[str, str] | None:
    """Read a clip's attributes out of a RAVDESS file name.

    Parameters
    ----------
    name
        File name or POSIX path, with or without suffix: ``Actor_12/03-01-05-02-01-02-12.wav``.

    Returns
    -------
    dict or None
        ``emotion`` (a value of `EMOTIONS`), ``intensity`` (normal, strong), ``statement`` and
        ``repetition`` (two digits), ``speaker`` (two digits) and ``gender`` (female, male: even
        actors are women). None if the name is not that of a speech recording; video, song and the
        neutral emotion in strong intensity, which does not exist, are such names.
    """
    found = _NAME.fullmatch(PurePosixPath(name).stem)
    if found is None:
        return None
    emotion, intensity, statement, repetition, speaker = found.groups()
    if EMOTIONS[emotion] == "Neutral" and INTENSITIES[intensity] == "strong":
        return None
    return {
        "emotion": EMOTIONS[emotion],
        "intensity": INTENSITIES[intensity],
        "statement": statement,
        "repetition": repetition,
        "speaker": speaker,
        "gender": "male" if int(speaker) % 2 else "female",
    }


def row(path: str, split: str = "") -> dict[str, str] | None:
    """Make the clip table's row of the recording at `path` (POSIX, relative to the corpus folder).

    Returns
    -------
    dict or None
        clip, path, label, speaker, split, gender, intensity, statement, repetition; None where
        `parse` gives None.
    """
    told = parse(path)
    if told is None:
        return None
    return {
        "clip": str(PurePosixPath(path).with_suffix("")),
        "path": path,
        "label": told["emotion"],
        "speaker": told["speaker"],
        "split": split,
        "gender": told["gender"],
        "intensity": told["intensity"],
        "statement": told["statement"],
        "repetition": told["repetition"],
    }


def check_emotions(emotions: Collection[str]) -> None:
    """Raise `UserError` unless `emotions` are values of `EMOTIONS`, at least one."""
    known = sorted(EMOTIONS.values())
    if not emotions:
        raise UserError(f"`corpus.emotions` is empty: name at least one of {', '.join(known)}")
    for emotion in emotions:
        if emotion not in known:
            near = difflib.get_close_matches(str(emotion).capitalize(), known, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UserError(
                f"`corpus.emotions`: RAVDESS has no {emotion!r}{hint}; it has {', '.join(known)}"
            )


def enumerate_clips(emotions: Collection[str]) -> list[dict[str, str]]:
    """List the archive's clips of `emotions` without looking at any file.

    The archive holds two statements in two repetitions by 24 actors, in normal and (except for
    neutral) strong intensity: 60 clips an actor.

    Parameters
    ----------
    emotions
        Values of `EMOTIONS`.

    Returns
    -------
    list of dict
        Rows as `row` makes them, sorted by clip, paths ``Actor_01/03-01-01-01-01-01-01.wav``.

    Raises
    ------
    UserError
        If an emotion is unknown or none is given.
    """
    check_emotions(emotions)
    names = (
        row(f"Actor_{actor}/03-01-{code}-{intensity}-{statement}-{repetition}-{actor}.wav")
        for actor in ACTORS
        for code in EMOTIONS
        for intensity in INTENSITIES
        for statement in STATEMENTS
        for repetition in ("01", "02")
    )
    rows = [found for found in names if found is not None and found["label"] in emotions]
    return sorted(rows, key=lambda found: found["clip"])


def scan(folder: str | Path, emotions: Collection[str]) -> list[dict[str, str]]:
    """List the RAVDESS speech clips of `emotions` under `folder`, in whatever nesting they lie.

    The speaker is read from the name's last field; the given split from the innermost folder called
    Train or Test (in any case), else it is empty. WAV files with other names are passed over and
    counted in a warning.

    Parameters
    ----------
    folder
        The corpus folder.
    emotions
        Values of `EMOTIONS`.

    Returns
    -------
    list of dict
        Rows as `row` makes them, sorted by clip; paths are relative to `folder`.

    Raises
    ------
    UserError
        If an emotion is unknown, `folder` is no folder, no clip is found, or two recordings have
        one name (as in copies that hold the whole set twice).
    """
    check_emotions(emotions)
    root = require_folder(folder, "corpus.path")
    rows: list[dict[str, str]] = []
    others: list[str] = []
    left_out = 0
    for path in wav_files(root, "corpus.path"):
        found = row(path, _split(path))
        if found is None:
            others.append(path)
        elif found["label"] in emotions:
            rows.append(found)
        else:
            left_out += 1
    if others:
        log.warning(
            "%s: %d clips, %d of other emotions, %d WAV files with other names left out "
            "(%s for one)",
            *(folder, len(rows), left_out, len(others), others[0]),
        )
    if not rows:
        example = f", for example {others[0]}" if others else ""
        raise UserError(
            f"`corpus.path`: no RAVDESS speech of {', '.join(emotions)} under {folder}: "
            f"{left_out} clips of other emotions, {len(others)} WAV files with other names"
            f"{example}; wanted are names such as 03-01-05-01-02-01-12.wav (for other names use "
            "corpus.adapter folder)"
        )
    missing = sorted(set(emotions) - {found["label"] for found in rows})
    if missing:
        raise UserError(
            f"`corpus.emotions`: no clip under {folder} is {' or '.join(missing)}; take it out of "
            "`corpus.emotions`, or give the folder that has it"
        )
    _refuse_copies(folder, rows)
    return sorted(rows, key=lambda found: found["clip"])


def _refuse_copies(folder: str | Path, rows: list[dict[str, str]]) -> None:
    first: dict[str, str] = {}
    for found in rows:
        name = PurePosixPath(found["clip"]).name
        other = first.setdefault(name, found["path"])
        if other != found["path"]:
            raise UserError(
                f"`corpus.path`: {folder} holds the recording {name} twice, as {other} and as "
                f"{found['path']}; remove one copy, or set corpus.path to the folder of one copy"
            )


def _split(path: str) -> str:
    given = [part.lower() for part in PurePosixPath(path).parts[:-1]]
    return next((part for part in reversed(given) if part in ("train", "test")), "")
