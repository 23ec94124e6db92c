"""Asking models of an earlier run what they make of recordings, and the tables of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serflow.errors import ClipError, UserError, shown
from serflow.tables import write_tsv

if TYPE_CHECKING:
    from serflow.prediction.models import Model, OwnCode
    from serflow.prediction.windows import Answer

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Told:
    """What models said of recordings.

    Attributes
    ----------
    classes, target
        The labels; or what was estimated, and its one name.
    heard_seconds
        How much of a recording a model hears at once.
    answers
        Recording and answer, in the order asked for, of those that could be used.
    unusable
        Recording and reason, with what to do about it, of the others.
    """

    classes: list[str]
    target: str | None
    heard_seconds: float
    answers: list[tuple[str, Answer]]
    unusable: list[tuple[str, str]]

    @property
    def columns(self) -> list[str]:
        """Names of the columns that a table has beside the recording and a window's times."""
        return list(said([0.0] * len(self.classes), self.classes, self.target))

    def said(self, values: Iterable[float]) -> Row:
        """Return `said` of a recording or a window of these models."""
        return said(values, self.classes, self.target)

    def rows(self) -> list[Row]:
        """Return the table's rows, one a recording."""
        return [{"recording": path, **self.said(told.values)} for path, told in self.answers]

    def windows(self) -> list[Row]:
        """Return one row a window of each recording, with its beginning and end in seconds."""
        return [
            {"recording": path, "start": start, "end": start + told.seconds, **self.said(values)}
            for path, told in self.answers
            for start, values in zip(told.starts, told.windows, strict=True)
        ]

    def complaints(self) -> list[str]:
        """Return a line for each recording that could not be used."""
        return [f"{shown(path)}: {reason}" for path, reason in self.unusable]


def ask(
    recordings: Sequence[str],
    files: Sequence[Path],
    *,
    own_code: OwnCode = None,
    same_speaker: bool = False,
) -> Told:
    """Let models hear recordings; one that cannot be used does not keep the others from it.

    Parameters
    ----------
    recordings
        Paths, see `serflow.prediction.recordings.meant`.
    files
        Models that answer together, see `serflow.prediction.found.files`.
    own_code
        See `serflow.prediction.models.load`.
    same_speaker
        Whether all recordings are of one speaker, which models that standardise within speakers
        have to know.

    Raises
    ------
    UserError
        If the models cannot be read, do not belong together, or would have to know the speaker.
    """
    from serflow.prediction import models
    from serflow.prediction.extraction import window_seconds

    asked = models.load(files, own_code)
    models.require_speaker(asked, len(recordings), same_speaker)
    answers: list[tuple[str, Answer]] = []
    unusable: list[tuple[str, str]] = []
    # One recording at a time, as long as none hangs on the others.
    together = any(model.by_speaker for model in asked)
    for group in [recordings] if together else [[path] for path in recordings]:
        answers += _answers(group, asked, unusable)
    heard = window_seconds(asked[0].extraction)
    return Told(asked[0].classes, asked[0].target, heard, answers, unusable)


def _answers(
    paths: Sequence[str], models: Sequence[Model], unusable: list[tuple[str, str]]
) -> list[tuple[str, Answer]]:
    """Return what is said of each recording; those that cannot be used are told in `unusable`."""
    from serflow.prediction.recordings import read
    from serflow.prediction.windows import answer, hear

    found = {}
    for path in paths:
        try:
            found[path] = hear(read(path), models, shown(path))
        except ClipError as error:
            unusable.append((path, f"{error.reason}; {error.remedy}"))
        except UserError as error:
            unusable.append((path, str(error)))
    if len(found) == 1 and any(model.by_speaker for model in models):
        unusable += [(path, "no other recording of this speaker can be used") for path in found]
        return []
    if not found:
        return []
    return list(zip(found, answer(list(found.values()), models), strict=True))


def said(values: Iterable[float], classes: Sequence[str], target: str | None) -> Row:
    """Return what is said of a recording or window as cells of a table.

    Parameters
    ----------
    values
        Probabilities of `classes`, or one estimate.
    classes
        The labels' names.
    target
        What is estimated; None where labels are recognised.

    Returns
    -------
    dict
        The `target` alone, or `predicted` and ``p_{label}`` of each label; of equally probable
        labels the first is predicted.
    """
    numbers = [float(value) for value in values]
    if target is not None:
        return {target: numbers[0]}
    predicted = classes[numbers.index(max(numbers))]
    by_label = {f"p_{label}": value for label, value in zip(classes, numbers, strict=True)}
    return {"predicted": predicted, **by_label}


def write_table(path: str | Path, told: Told) -> None:
    """Write the table with a row a recording."""
    write_tsv(path, _named(told.rows()), ["recording", *told.columns])


def write_windows(path: str | Path, told: Told) -> None:
    """Write the table with a row a window."""
    write_tsv(path, _named(told.windows()), ["recording", "start", "end", *told.columns])


def write_unusable(path: str | Path, told: Told) -> None:
    """Write the table of the recordings that could not be used, with the reasons."""
    rows = [{"recording": name, "reason": reason} for name, reason in told.unusable]
    write_tsv(path, _named(rows), ["recording", "reason"])


def _named(rows: Iterable[Row]) -> list[Row]:
    """Return rows of a table, with names of recordings that stay on one line and are UTF-8."""
    return [{**row, "recording": shown(row["recording"])} for row in rows]
