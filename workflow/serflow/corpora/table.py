"""The clip table: rows of any adapter, completed, checked and counted before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serflow.corpora import alike, folder, ravdess, sheet
from serflow.corpora.checking import VERDICT
from serflow.corpora.measuring import GONE, measured
from serflow.errors import UserError, shown
from serflow.synthesis import names
from serflow.tables import Malformed, read_tsv

Row = dict[str, Any]
FIXED = ("clip", "path", "label", "speaker", "split")
MEASURED = ("bytes", "mtime")


@dataclass(frozen=True)
class ClipTable:
    """The clips of a corpus.

    Attributes
    ----------
    rows
        Sorted by clip: clip, path, label, speaker, split, the adapter's attributes; for recordings
        that lie on disk already also bytes and mtime (ns).
    made
        True if a rule makes the recordings, so that they may not be there yet.
    """

    rows: list[Row]
    made: bool

    @property
    def labels(self) -> list[str]:
        """The labels, sorted: the order of the classes everywhere."""
        return sorted({row["label"] for row in self.rows})

    @property
    def columns(self) -> list[str]:
        """The table's columns: the fixed ones, the adapter's attributes, the measured ones."""
        extra = dict.fromkeys(key for row in self.rows for key in row)
        return [*FIXED, *(k for k in extra if k not in FIXED + MEASURED), *MEASURED]


def build(corpus: dict[str, Any], made_folder: str | Path, labelled: bool = True) -> ClipTable:
    """Build the clip table that the configuration's block `corpus` describes.

    Parameters
    ----------
    corpus
        The completed block: adapter and its keys.
    made_folder
        Where the recordings of a corpus lie that a rule makes.
    labelled
        Whether any model recognises labels, so that there have to be at least two.

    Raises
    ------
    UserError
        For whatever the adapter cannot read, what `serflow.corpora.alike` cannot tell apart, or
        fewer than two labels.
    """
    adapter = corpus["adapter"]
    made = adapter == "demo" or (adapter == "ravdess" and corpus["path"] is None)
    if adapter == "demo":
        rows = names.clips(corpus["speakers"], corpus["repetitions"], corpus["intensities"])
    elif adapter == "ravdess" and made:
        rows = ravdess.enumerate_clips(corpus["emotions"])
    elif adapter == "ravdess":
        rows = ravdess.scan(corpus["path"], corpus["emotions"])
    elif adapter == "folder":
        rows = folder.scan(corpus["path"], corpus["speaker"], corpus["labels"], corpus["label"])
    else:
        rows = sheet.read(corpus["path"], corpus["labels"], labelled)
    if adapter in ("demo", "ravdess"):
        base = Path(made_folder if made else corpus["path"])
        for row in rows:
            row["path"] = str(base / row["path"])
    if not made:
        measure(rows)
    rows.sort(key=lambda row: row["clip"])
    alike.check(rows)
    if labelled:
        _check_labels(rows)
    return ClipTable(rows, made)


def of_run(path: str | Path) -> ClipTable | None:
    """Return the table of recordings on disk that a run wrote; None if that is not to be had.

    Parameters
    ----------
    path
        Its ``clips.tsv``.
    """
    try:
        rows: list[Row] = [
            {
                **{key: cell for key, cell in row.items() if key not in VERDICT},
                **{key: int(row[key]) for key in MEASURED},
            }
            for row in read_tsv(path)
        ]
    except (OSError, ValueError, KeyError, Malformed):
        return None
    whole = rows and all(key in rows[0] for key in FIXED)
    return ClipTable(rows, made=False) if whole else None


def measure(rows: Sequence[Row]) -> None:
    """Add bytes and mtime (ns) of each row's file to it, `GONE` where that cannot be told.

    Those are told with all that is wrong with recordings, by the check of all of them; where they
    are gone or readable again, these figures are what tells the stages so.

    Raises
    ------
    UserError
        If not one of them is there: the corpus lies elsewhere.
    """
    missing = 0
    for row in rows:
        row["bytes"], row["mtime"] = measured(row["path"])
        missing += row["bytes"] == GONE
    if rows and missing == len(rows):
        raise UserError(
            f"`corpus.path`: none of the {missing} recordings of the clip table is there, "
            f"{shown(rows[0]['path'])} for one; paths are relative to the sheet's folder, or to "
            "where snakemake was called"
        )


def describe(table: ClipTable, name: str) -> str:
    """Return a sentence that counts clips, speakers and labels."""
    labels = Counter(row["label"] for row in table.rows)
    speakers = {row["speaker"] for row in table.rows if row["speaker"]}
    counts = ", ".join(f"{label} {labels[label]}" for label in table.labels)
    who = f"{len(speakers)} speakers" if speakers else "speakers unknown"
    return f"Corpus {name}: {len(table.rows)} clips, {who}; {counts}"


def _check_labels(rows: list[Row]) -> None:
    labels = sorted({row["label"] for row in rows})
    if len(labels) < 2:
        raise UserError(
            f"the corpus has only the label {', '.join(labels) or '(none)'}; "
            "at least two are needed"
        )
