"""The command ``python -m serflow predict``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serflow import disk
from serflow.errors import ClipError, UserError, shown
from serflow.tables import write_tsv

if TYPE_CHECKING:
    from serflow.prediction.models import Model
    from serflow.prediction.windows import Answer

Row = dict[str, Any]


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "predict",
        help="what models of an earlier run say of new recordings",
        description="Say what models of an earlier run make of new recordings.",
    )
    parser.add_argument(
        "recordings",
        nargs="+",
        help="WAV files, folders, patterns, or sheets (CSV or TSV with a column path)",
    )
    parser.add_argument(
        "--model",
        required=True,
        help="results/{corpus} for its best model, results/{corpus}/models/{model} for all folds "
        "and seeds of one, or a single file of these",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--output", help="write the table to this file (TSV)")
    parser.add_argument("--windows", help="write the table of the windows to this file (TSV)")
    parser.add_argument(
        "--same-speaker",
        action="store_true",
        help="all recordings are of one speaker (for models that standardise within speakers)",
    )
    parser.add_argument(
        "--own-code", help="Python file of a feature type or network of your own; it is executed"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit code, 1 where a recording could not be used."""
    # Before numpy and torch are imported: short work, and more threads would take longer to start.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from serflow.prediction import models
    from serflow.prediction.recordings import meant

    _check_outputs(arguments.output, arguments.windows)
    paths = meant(arguments.recordings)
    files = models.files(arguments.model)
    asked = models.load(files, arguments.own_code)
    models.require_speaker(asked, len(paths), arguments.same_speaker)
    target, classes = asked[0].target, asked[0].classes
    rows: list[Row] = []
    windows: list[Row] = []
    bad: list[str] = []
    # One recording at a time, as long as none hangs on the others.
    together = any(model.by_speaker for model in asked)
    for group in [paths] if together else [[path] for path in paths]:
        for path, told in _answers(group, asked, bad):
            rows.append({"recording": path, **said(told.values, classes, target)})
            windows += [
                {
                    "recording": path,
                    "start": start,
                    "end": start + told.seconds,
                    **said(values, classes, target),
                }
                for start, values in zip(told.starts, told.windows, strict=True)
            ]
    columns = list(said([0.0] * len(classes), classes, target))
    if arguments.output:
        write_tsv(arguments.output, _named(rows), ["recording", *columns])
    if arguments.windows:
        write_tsv(arguments.windows, _named(windows), ["recording", "start", "end", *columns])
    if arguments.json:
        told_all = {"models": [str(path) for path in files], "recordings": _nested(rows, windows)}
        text = json.dumps(told_all, indent=2, ensure_ascii=False)
        print(text if _printable(text) else json.dumps(told_all, indent=2))
    else:
        _print(rows, columns, files)
    for line in bad:
        print(f"SERflow: {line}", file=sys.stderr)
    return 1 if bad else 0


def _check_outputs(*files: str | None) -> None:
    """Raise `UserError` for what cannot be written: before the models' work, not after it."""
    places = [Path(file).absolute() for file in files if file]
    if len(places) > len(set(places)):
        raise UserError(f"{shown(places[0])}: is given for two tables; give each its own file")
    for file in filter(None, files):
        path = Path(file)
        if path.exists() and not path.is_file():
            what = "is a folder" if path.is_dir() else "is no ordinary file"
            raise UserError(f"{shown(file)}: {what}; give the name of a file to be written")
        there = next(one for one in path.absolute().parents if one.exists())
        if not there.is_dir():
            raise UserError(
                f"{shown(file)}: cannot be written, because {shown(there)} is no folder; give "
                "another name"
            )
        refused = disk.refusal([path.parent])
        if refused:
            raise UserError(refused)


def _answers(
    paths: Sequence[str], models: Sequence[Model], bad: list[str]
) -> list[tuple[str, Answer]]:
    """Return what is said of each recording; those that cannot be used are told in `bad`."""
    from serflow.prediction.recordings import read
    from serflow.prediction.windows import answer, hear

    found = {}
    for path in paths:
        try:
            found[path] = hear(read(path), models, shown(path))
        except ClipError as error:
            bad.append(str(error))
        except UserError as error:
            bad.append(f"{shown(path)}: {error}")
    if len(found) == 1 and any(model.by_speaker for model in models):
        bad += [f"{shown(path)}: no other recording of this speaker can be used" for path in found]
        return []
    if not found:
        return []
    return list(zip(found, answer(list(found.values()), models), strict=True))


def _named(rows: Sequence[Row]) -> list[Row]:
    """Return rows of a table, with names of recordings that stay on one line and are UTF-8."""
    return [{**row, "recording": shown(row["recording"])} for row in rows]


def _printable(text: str) -> bool:
    """Return whether the standard output can write a text."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


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


def _nested(rows: Sequence[Row], windows: Sequence[Row]) -> list[Row]:
    parts: dict[str, list[Row]] = {row["recording"]: [] for row in rows}
    for window in windows:
        parts[window["recording"]].append(
            {key: value for key, value in window.items() if key != "recording"}
        )
    return [{**row, "windows": parts[row["recording"]]} for row in rows]


def _print(rows: Sequence[Row], columns: Sequence[str], files: Sequence[Path]) -> None:
    def text(value: Any) -> str:
        told = f"{value:.3f}" if isinstance(value, float) else shown(value)
        return told if _printable(told) else ascii(told)

    names = ["recording", *columns]
    lines = [list(map(text, names)), *([text(row[name]) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(padded).rstrip())
    name = files[0].parent.name
    many = f", mean of {len(files)} trainings" if len(files) > 1 else f", {files[0].name}"
    print(f"\nModel {name}{many}.", file=sys.stderr)
