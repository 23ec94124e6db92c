"""Recordings that cannot be used: told all at once, or left out where that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from serflow.errors import UserError, shown
from serflow.tables import each_row

COLUMNS = ("clip", "verdict", "reason", "remedy")
"""Columns of the list of those that are left out, and of the clip table behind its own."""

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


def excluded(rows: Iterable[Row], recordings: str | Path, on_error: str) -> list[dict[str, str]]:
    """Return what is left out, of `COLUMNS`, or refuse to go on.

    Parameters
    ----------
    rows
        The clip table; `clip` and `path` are read.
    recordings
        The table of all recordings.
    on_error
        ``stop`` or ``skip``.

    Raises
    ------
    UserError
        One message with path, reason and remedy of every recording that cannot be used: where
        `on_error` is ``stop``, or none is left.
    """
    bad = [row for row in each_row(recordings) if row["verdict"] == UNUSABLE]
    paths = {row["clip"]: row["path"] for row in rows}
    if not bad or (on_error == "skip" and len(bad) < len(paths)):
        return [{column: row[column] for column in COLUMNS} for row in bad]
    listed = "\n".join(
        f"  - {shown(paths[row['clip']])}: {row['reason']}; {row['remedy']}" for row in bad
    )
    advice = (
        "No recording is left."
        if len(bad) == len(paths)
        else "Mend them, or leave them out by `clips.on_error: skip`."
    )
    raise UserError(f"{len(bad)} of {len(paths)} recordings cannot be used:\n{listed}\n{advice}")


def with_verdicts(rows: Iterable[Row], recordings: str | Path) -> list[dict[str, Any]]:
    """Return the rows of the clip table, each with what the check says of its recording."""
    verdicts = {row["clip"]: row for row in each_row(recordings)}
    return [
        {**row, **{column: verdicts[row["clip"]][column] for column in COLUMNS[1:]}} for row in rows
    ]


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
