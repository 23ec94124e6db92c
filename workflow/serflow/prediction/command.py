"""The command ``python -m serflow predict``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serflow import disk
from serflow.errors import UserError, shown

if TYPE_CHECKING:
    from serflow.prediction.asking import Row, Told


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
        "--page",
        help="write a page to this file (HTML): player, spectrogram, probabilities over time",
    )
    parser.add_argument(
        "--without-audio", action="store_true", help="leave the recordings' sound out of the page"
    )
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
    from serflow.prediction import asking, found
    from serflow.prediction.recordings import meant

    _check_outputs(arguments.output, arguments.windows, arguments.page)
    paths = meant(arguments.recordings)
    files = found.files(arguments.model)
    told = asking.ask(
        paths, files, own_code=arguments.own_code, same_speaker=arguments.same_speaker
    )
    if arguments.output:
        asking.write_table(arguments.output, told)
    if arguments.windows:
        asking.write_windows(arguments.windows, told)
    if arguments.page:
        from serflow.prediction.page.content import write_page

        write_page(arguments.page, told, files, audio=not arguments.without_audio)
    if arguments.json:
        _print_json(told, files)
    else:
        _print(told, files)
    for line in told.complaints():
        print(f"SERflow: {line}", file=sys.stderr)
    return 1 if told.unusable else 0


def _check_outputs(*files: str | None) -> None:
    """Raise `UserError` for what cannot be written: before the models' work, not after it."""
    places = [Path(file).absolute() for file in files if file]
    if len(places) > len(set(places)):
        raise UserError(f"{shown(places[0])}: is given for two files; give each its own file")
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


def _printable(text: str) -> bool:
    """Return whether the standard output can write a text."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _print_json(told: Told, files: Sequence[Path]) -> None:
    value = {
        "models": [str(path) for path in files],
        "recordings": _nested(told.rows(), told.windows()),
    }
    text = json.dumps(value, indent=2, ensure_ascii=False)
    print(text if _printable(text) else json.dumps(value, indent=2))


def _nested(rows: Sequence[Row], windows: Sequence[Row]) -> list[Row]:
    parts: dict[str, list[Row]] = {row["recording"]: [] for row in rows}
    for window in windows:
        parts[window["recording"]].append(
            {key: value for key, value in window.items() if key != "recording"}
        )
    return [{**row, "windows": parts[row["recording"]]} for row in rows]


def _print(told: Told, files: Sequence[Path]) -> None:
    def text(value: Any) -> str:
        words = f"{value:.3f}" if isinstance(value, float) else shown(value)
        return words if _printable(words) else ascii(words)

    names = ["recording", *told.columns]
    lines = [list(map(text, names)), *([text(row[name]) for name in names] for row in told.rows())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(padded).rstrip())
    name = files[0].parent.name
    many = f", mean of {len(files)} trainings" if len(files) > 1 else f", {files[0].name}"
    print(f"\nModel {name}{many}.", file=sys.stderr)
