"""Measure SERflow beside straightforward ways and the floor, and print one table.

    make bench
    .venv/bin/python benchmarks/run.py extraction training --clips path/to/wavs

Every comparison is made within one run, since machines are noisy: the ratios are what counts. The
table goes to benchmarks/results/bench.tsv with the machine's description.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from common import COLUMNS, Options, Row, progress, recordings

from serflow.heap import keep_freed_memory
from serflow.tables import write_tsv

SECTIONS = (
    *("extraction", "peers", "overhead", "scale", "imports", "training", "zoo", "evaluation"),
    "prediction",
)
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure the sections asked for, print and store the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--clips", type=Path, help="a folder of 48 kHz WAVs, any nesting")
    given = parser.parse_args()
    unknown = sorted(set(given.sections) - set(SECTIONS))
    if unknown:
        parser.error(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if given.clips and not any(given.clips.rglob("*.wav")):
        sys.exit(f"{given.clips} holds no WAV")
    # As every job of the workflow; the ways compared with gain by it as well.
    keep_freed_memory()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as temporary:
        clips = given.clips or recordings(Path(temporary))
        for section in given.sections or SECTIONS:
            folder = Path(temporary, section)
            folder.mkdir()
            with progress(section):
                rows += importlib.import_module(section).measure(Options(clips.resolve(), folder))
    show(rows)
    write_tsv(RESULTS / "bench.tsv", [row.cells() for row in rows], COLUMNS)
    print(f"\nstored in {RESULTS / 'bench.tsv'}")


def show(rows: list[Row]) -> None:
    """Print the table."""
    heads = ("ours", "simple", "floor")
    numbers = " ".join(f"{head:>9}" for head in heads)
    print(f"\n{'what':64} {'unit':14} {numbers} {'÷simple':>8} {'÷floor':>7}  held")
    for row in rows:
        cells = row.cells()
        numbers = [
            f"{value:{width}.{digits}f}" if isinstance(value, float | int) else " " * width
            for value, width, digits in (
                (row.ours, 9, 2),
                (row.straightforward, 9, 2),
                (row.floor, 9, 2),
                (cells["ours_to_straightforward"], 8, 3),
                (cells["ours_to_floor"], 7, 2),
            )
        ]
        print(f"{row.what:64} {row.unit:14} {' '.join(numbers)}  {cells['held']}")
        if row.note or row.limit:
            print(f"    {'; '.join(filter(None, [row.limit and f'limit {row.limit}', row.note]))}")


if __name__ == "__main__":
    main()
