"""Recordings that cannot be used: told all at once, or left out where that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from serflow.corpora.measuring import measured
from serflow.errors import UserError, shown
from serflow.tables import each_row

VERDICT = ("verdict", "reason", "remedy")
"""Columns of the clip table behind its own."""

COLUMNS = ("clip", *VERDICT, "bytes", "mtime")
"""Columns of the list of those that cannot be used; the last two are those of the file that was
looked at (`serflow.corpora.measuring`)."""

UNUSABLE = "unusable"
"""The verdict on them; reason and remedy of all others are empty."""

Row = Mapping[str, Any]


def usable(rows: Iterable[Row], told: str | Path) -> list[Row]:
    """Return the rows of the clip table whose recording can be used.

    Parameters
    ----------
    rows
        `clip` is read.
    told
        A table with `clip` and `verdict` of these clips, or of the unusable ones among them.
    """
    bad = {row["clip"] for row in each_row(told) if row["verdict"] == UNUSABLE}
    return [row for row in rows if row["clip"] not in bad]


def unusable(recordings: Iterable[Row]) -> list[Row]:
    """Return those rows of the table of all recordings that tell of one that cannot be used."""
    return [row for row in recordings if row["verdict"] == UNUSABLE]


def require_usable(rows: Iterable[Row], told: str | Path, on_error: str) -> None:
    """Refuse to go on with recordings that cannot be used.

    Parameters
    ----------
    rows
        The clip table; `clip` and `path` are read.
    told
        The list of those that cannot be used, of `COLUMNS`.
    on_error
        ``stop`` or ``skip``.

    Raises
    ------
    UserError
        One message with path, reason and remedy of every one: where `on_error` is ``stop``, or none
        is left.
    """
    bad = list(each_row(told))
    paths = {row["clip"]: row["path"] for row in rows}
    if not bad or (on_error == "skip" and len(bad) < len(paths)):
        return
    listed = "\n".join(
        f"  - {shown(paths[row['clip']])}: {row['reason']}; {row['remedy']}" for row in bad
    )
    advice = (
        "No recording is left."
        if len(bad) == len(paths)
        else "Mend them, or leave them out by `clips.on_error: skip`."
    )
    raise UserError(f"{len(bad)} of {len(paths)} recordings cannot be used:\n{listed}\n{advice}")


def require_mended(rows: Iterable[Row], told: str | Path) -> None:
    """Refuse to begin where an earlier run's list still holds.

    Without this a run that leaves nothing out would build on one that did.

    Parameters
    ----------
    rows
        The clip table; `clip` and `path` are read.
    told
        The list of an earlier run, of `COLUMNS`; there may be none.

    Raises
    ------
    UserError
        As `require_usable`, if all files on the list are as they were. If one was changed, or is
        not part of the corpus any more, the list is about to be made anew.
    """
    if not Path(told).is_file():
        return
    bad = list(each_row(told))
    paths = {row["clip"]: row["path"] for row in rows} if bad else {}
    for row in bad:
        now = measured(paths[row["clip"]]) if row["clip"] in paths else None
        if now != (int(row["bytes"]), int(row["mtime"])):
            return
    if bad:
        require_usable(rows, told, "stop")


def with_verdicts(rows: Iterable[Row], recordings: str | Path) -> list[dict[str, Any]]:
    """Return the rows of the clip table, each with what the check says of its recording."""
    # No more than is wanted: for a million clips the rest would be a gigabyte.
    verdicts = {row["clip"]: {key: row[key] for key in VERDICT} for row in each_row(recordings)}
    return [{**row, **verdicts[row["clip"]]} for row in rows]


def require_whole(rows: Iterable[Row], kept: Iterable[Row], folds: int, left: int) -> None:
    """Refuse to go on with `kept` where a label of `rows`, or one of the folds, has no clip left.

    Parameters
    ----------
    rows, kept
        The clip table, and those of its rows whose recording can be used.
    folds, left
        Number of folds of the protocol with either.

    Raises
    ------
    UserError
        It names what is lost.
    """
    lost = sorted({row["label"] for row in rows} - {row["label"] for row in kept})
    if lost:
        what = f"no clip of the label {', '.join(lost)}"
    elif left != folds:
        speakers = sorted({row["speaker"] for row in rows} - {row["speaker"] for row in kept})
        what = f"no clip of the speaker {', '.join(speakers)}, so {left} of {folds} folds"
    else:
        return
    raise UserError(
        f"`clips.on_error`: skip leaves {what}; mend some of these recordings (`clips.tsv` tells "
        "what is wrong with each), or take them out of the corpus"
    )
