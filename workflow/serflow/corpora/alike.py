"""Labels, clips and recordings of a corpus that are too alike to be told apart."""

from __future__ import annotations

import logging
import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from serflow.corpora.measuring import GONE
from serflow.errors import UserError

log = logging.getLogger("serflow")

SHOWN = 5

Row = Mapping[str, Any]


def check(rows: Sequence[Row]) -> None:
    """Refuse what would be taken for two things and is one, or for one and is two.

    Parameters
    ----------
    rows
        The clip table; `clip`, `path`, `label`, `speaker` and, where they are there, `bytes` and
        `mtime` are read.

    Raises
    ------
    UserError
        If labels differ in nothing but case, spaces or the way in which a letter is encoded; if two
        clips have one name, or names that differ in case or encoding only; if a recording stands
        there twice, by the same path, another spelling of it or a link.
    """
    _check_labels(rows)
    _check_names(rows)
    _check_recordings(rows)
    _look_at_speakers(rows)


def same(text: str) -> str:
    """Return what texts have in common that differ by case, spaces or encoding only."""
    return _one_file(" ".join(unicodedata.normalize("NFKC", text).split()))


def _one_file(name: str) -> str:
    """Return what names of files have in common that are one on macOS' and Windows' disks."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def _groups(names: Iterable[str]) -> Iterator[list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[same(name)].append(name)
    return (sorted(group) for group in found.values() if len(group) > 1)


def _check_labels(rows: Sequence[Row]) -> None:
    clips = Counter(row["label"] for row in rows)
    # Two classes of one emotion would halve every score, and nothing in the report would say why.
    mistakes = [
        " and ".join(f"{label!r} ({clips[label]} clips)" for label in group)
        for group in _groups(clips)
    ]
    if mistakes:
        raise UserError(
            "labels differ only by case, spaces or the encoding of a letter: "
            f"{'; '.join(mistakes)}; each would be a class of its own. Write them in one way "
            "(rename the folders, or correct the sheet's column `label`)"
        )


def _look_at_speakers(rows: Sequence[Row]) -> None:
    # No mistake for certain, because speakers may be called by codes in which case counts.
    for group in _groups({row["speaker"] for row in rows}):
        log.warning(
            "speakers %s differ only by case, spaces or the encoding of a letter; if they are one "
            "voice, it may be in training and in test: write its name in one way",
            " and ".join(map(repr, group[:SHOWN])),
        )


def _check_names(rows: Sequence[Row]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        other = seen.setdefault(_one_file(row["clip"]), row)
        if other is row:
            continue
        what = (
            f"two recordings have the clip name {row['clip']!r}"
            if other["clip"] == row["clip"]
            # Files are made by these names, and where results lie is not known for good.
            else f"two clips are called {other['clip']!r} and {row['clip']!r}, which are one name "
            "on disks that do not tell case, as those of macOS and Windows"
        )
        raise UserError(
            f"{what}: {other['path']} and {row['path']}; rename one of them (in a sheet: give the "
            "column `clip`)"
        )


def _check_recordings(rows: Sequence[Row]) -> None:
    spelled: dict[str, Row] = {}
    measured: dict[tuple[Any, Any], list[Row]] = defaultdict(list)
    for row in rows:
        other = spelled.setdefault(os.path.normpath(row["path"]), row)
        if other is not row:
            raise _twice(other, row)
        if row.get("bytes", GONE) != GONE:
            measured[row["bytes"], row["mtime"]].append(row)
    # A link has the size and the time of what it leads to, so few files are looked at once more.
    for candidates in measured.values():
        if len(candidates) < 2:
            continue
        files: dict[tuple[int, int], Row] = {}
        for row in candidates:
            try:
                status = os.stat(row["path"])
            except OSError:  # gone a moment ago: the check of all recordings tells
                continue
            other = files.setdefault((status.st_dev, status.st_ino), row)
            if other is not row:
                raise _twice(other, row)


def _twice(one: Row, other: Row) -> UserError:
    return UserError(
        f"one recording is in the corpus twice, as clip {one['clip']!r} ({one['path']}) and as "
        f"clip {other['clip']!r} ({other['path']}); it would count twice, and might be in training "
        "and in test. Remove one of the two"
    )
