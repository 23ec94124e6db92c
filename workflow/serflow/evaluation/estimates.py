"""Tables of estimates: which number a model gives each test clip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from serflow.tables import read_tsv, write_tsv

COLUMNS = ("clip", "speaker", "truth", "estimate")
Job = tuple[int, int, list[dict[str, str]]]
"""Fold, seed, rows of `COLUMNS`."""
File = tuple[int, int, str | Path]
"""Fold, seed, path of a table."""


def rows_of(
    clips: Iterable[str],
    speakers: Iterable[str],
    truth: npt.NDArray[np.float64],
    estimates: npt.NDArray[np.float64],
) -> list[dict[str, Any]]:
    """Return one row a test clip, sorted by clip.

    Parameters
    ----------
    clips, speakers
        Of each clip, n values.
    truth, estimates
        Of shape (n,), in the unit of the column that is estimated.
    """
    rows = [
        {
            "clip": str(clip),
            "speaker": str(speaker),
            "truth": float(true),
            "estimate": float(estimate),
        }
        for clip, speaker, true, estimate in zip(clips, speakers, truth, estimates, strict=True)
    ]
    return sorted(rows, key=lambda row: str(row["clip"]))


def write(path: str | Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write a table of estimates."""
    write_tsv(path, rows, COLUMNS)


def jobs(files: Iterable[File]) -> Iterator[Job]:
    """Read each table when its turn comes."""
    for fold, seed, path in files:
        yield fold, seed, read_tsv(path)
