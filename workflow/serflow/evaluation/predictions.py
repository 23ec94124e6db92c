"""Prediction tables: what a model says of each test clip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from serflow.tables import read_tsv, write_tsv

Rows = list[dict[str, str]]
Job = tuple[int, int, Rows]
"""Fold, seed, rows."""
File = tuple[int, int, str | Path]
"""Fold, seed, path of a prediction table."""


def rows_of(
    clips: Iterable[str],
    speakers: Iterable[str],
    truth: Iterable[str],
    labels: Sequence[str],
    probabilities: npt.NDArray[np.float64],
) -> list[dict[str, Any]]:
    """Return one row a test clip, sorted by clip.

    Parameters
    ----------
    clips, speakers, truth
        Of each clip, n values.
    labels
        Label names, in the order of the columns of `probabilities`.
    probabilities
        Of shape (n, labels). The predicted label is the most probable, of equals the first.
    """
    rows = [
        {
            "clip": str(clip),
            "speaker": str(speaker),
            "label": str(label),
            "predicted": labels[int(np.argmax(p))],
            **{f"p_{name}": float(value) for name, value in zip(labels, p, strict=True)},
        }
        for clip, speaker, label, p in zip(clips, speakers, truth, probabilities, strict=True)
    ]
    return sorted(rows, key=lambda row: str(row["clip"]))


def write(path: str | Path, rows: Iterable[dict[str, Any]], labels: Sequence[str]) -> None:
    """Write a prediction table."""
    columns = ["clip", "speaker", "label", "predicted", *(f"p_{name}" for name in labels)]
    write_tsv(path, rows, columns)


def read(path: str | Path) -> Rows:
    """Read a prediction table; every cell is a string."""
    return read_tsv(path)


def jobs(files: Iterable[File]) -> Iterator[Job]:
    """Read each table when its turn comes: all those of a large corpus would fill the memory."""
    for fold, seed, path in files:
        yield fold, seed, read(path)
