"""Corpora in folders: labels are what the folders are called, or stand in the paths."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from serflow.corpora.walk import clip_name, require_folder, wav_files
from serflow.errors import UserError

log = logging.getLogger("serflow")

SPLITS = {"train": "train", "test": "test"}


def scan(
    folder: str | Path,
    speaker: str | None = None,
    labels: list[str] | None = None,
    label: str | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of a folder ``Train/<Label>``, ``Test/<Label>``, or of plain ``<Label>``.

    Label folders may have folders in them. WAVs that lie in no label folder are left out. Where
    `label` finds the labels, there are no label folders: all WAVs count, or all in Train and Test.

    Parameters
    ----------
    folder
        The corpus' folder.
    speaker
        Regular expression searched in each clip's path relative to `folder`; its group ``speaker``,
        else its first group, else the whole match is the speaker. Without it speakers are unknown
        (``""``).
    labels
        The labels to use; None uses all.
    label
        Regular expression that finds each clip's label as `speaker` its speaker, by its group
        ``label``; without it the folder is the label.

    Raises
    ------
    UserError
        If the folder is missing or has no WAV in a label folder, an expression is not one or does
        not match a path (which is shown), or a label folder or chosen label has no clip.
    """
    root = require_folder(folder, "corpus.path")
    speaker_pattern = _compile(speaker, "speaker")
    label_pattern = _compile(label, "label")
    paths = wav_files(root, "corpus.path")
    given = any(child.name.lower() in SPLITS for child in root.iterdir() if child.is_dir())
    # How many folders a clip lies in at least.
    depth = int(given) + (label_pattern is None)
    # Joined as text: a path object a clip would take longer than finding the clips.
    before = str(root / "_")[:-1]
    rows = []
    outside = []
    for path in paths:
        parts = path.split("/")
        split = SPLITS.get(parts[0].lower(), "") if given else ""
        if len(parts) <= depth or (given and not split):
            outside.append(path)
            continue
        name = parts[depth - 1] if label_pattern is None else _found(label_pattern, path, "label")
        if labels is not None and name not in labels:
            continue
        rows.append(
            {
                "clip": clip_name(path),
                "path": before + path,
                "label": name,
                "speaker": _found(speaker_pattern, path, "speaker"),
                "split": split,
            }
        )
    if not rows:
        raise UserError(
            f"`corpus.path`: no WAV was found in {root}; wanted is Train/<Label>/*.wav and "
            "Test/<Label>/*.wav, or <Label>/*.wav (with `corpus.label`: WAVs anywhere)"
            + (f", with labels {', '.join(labels)}" if labels else "")
        )
    if outside:
        log.warning(
            "%d WAVs of %s lie in no label folder and are left out, %s for one",
            *(len(outside), root, outside[0]),
        )
    wanted = _label_folders(root, given) if label_pattern is None and labels is None else labels
    _check_labels(root, wanted or [], {row["label"] for row in rows})
    return rows


def _compile(expression: str | None, what: str) -> re.Pattern[str] | None:
    if expression is None:
        return None
    try:
        return re.compile(expression)
    except re.error as error:
        raise UserError(
            f"`corpus.{what}`: {expression!r} is not a regular expression ({error})"
        ) from None


def _found(pattern: re.Pattern[str] | None, path: str, what: str) -> str:
    """Return the speaker or label (`what`) that `pattern` finds in a clip's path; "" without."""
    if pattern is None:
        return ""
    match = pattern.search(path)
    if match is None:
        raise UserError(
            f"`corpus.{what}`: the expression {pattern.pattern!r} does not match the path "
            f"{path!r}; it is searched in each clip's path relative to `corpus.path` and must find "
            f"the {what} in all of them"
        )
    if what in pattern.groupindex:
        found = match.group(what)
    else:
        found = match.group(1) if pattern.groups else match.group(0)
    if not found:
        raise UserError(
            f"`corpus.{what}`: the expression {pattern.pattern!r} finds an empty {what} in {path!r}"
        )
    return str(found)


def _label_folders(root: Path, given: bool) -> list[str]:
    tops = [d for d in root.iterdir() if d.is_dir() and not d.name.startswith(".")]
    if given:
        tops = [
            label
            for top in tops
            if top.name.lower() in SPLITS
            for label in top.iterdir()
            if label.is_dir() and not label.name.startswith(".")
        ]
    return [top.name for top in tops]


def _check_labels(root: Path, wanted: list[str], found: set[str]) -> None:
    """A label folder without a clip is a mistake to be told, not a class dropped in silence."""
    missing = sorted(set(wanted) - found)
    if missing:
        raise UserError(
            f"`corpus.path`: no WAV in {root} has the label {', '.join(missing)}; "
            "add clips, remove the empty folder, or list the labels to use in `corpus.labels`"
        )
