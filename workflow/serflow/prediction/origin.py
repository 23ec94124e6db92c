"""Where models come from: their run's own words on its corpus, and how good they were there.

Imports nothing heavy: the Snakefile calls this module while the rules are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from serflow.errors import UserError
from serflow.files import read_json
from serflow.numbers import value
from serflow.tables import read_tsv

SYNTHETIC = "demo"
"""Adapter of the corpus that no human has spoken."""

_SCORES = ("uar", "uar_low", "uar_high")
_FITS = ("ccc", "ccc_low", "ccc_high")


def of(files: Sequence[Path]) -> dict[str, Any]:
    """Return what the run that trained some models tells of them; plain data.

    Parameters
    ----------
    files
        Files of one model, ``results/{corpus}/models/{model}/fold{fold}_seed{seed}.*``. What lies
        elsewhere tells nothing.

    Returns
    -------
    dict
        `model`, its folder's name, and `trainings`, the number of files. Where the run tells them
        also `corpus` (`name`, `adapter`, `clips`, `speakers`, `labels`), `confidence`, and `score`
        (`name`, UAR or CCC; `value`, `low`, `high`; `clips`, `speakers`, `folds`).
    """
    folder = files[0].resolve().parent
    told: dict[str, Any] = {"model": folder.name, "trainings": len(files)}
    if folder.parent.name != "models":
        return told
    results = folder.parent.parent
    told |= _run(results / "provenance.json")
    for table, name, columns in (
        ("models.tsv", "UAR", _SCORES),
        ("regression.tsv", "CCC", _FITS),
    ):
        score = _score(results / "evaluation" / table, folder.name, name, columns)
        if score:
            told["score"] = score
    return told


def _run(provenance: Path) -> dict[str, Any]:
    if not provenance.is_file():
        return {}
    try:
        told = read_json(provenance)
        configuration, corpus = told["configuration"], told["corpus"]
        return {
            "corpus": {
                "name": str(corpus["name"]),
                "adapter": str(configuration["corpus"]["adapter"]),
                "clips": int(corpus["clips"]) - int(corpus.get("unusable", 0)),
                "speakers": int(corpus["speakers"]),
                "labels": [str(label) for label in corpus["labels"]],
            },
            "confidence": float(configuration["evaluation"]["confidence"]),
        }
    except (ValueError, KeyError, TypeError) as error:
        remedy = "delete it, so that the report makes it again"
        raise UserError(f"{provenance}: cannot be read ({error}); {remedy}") from None


def _score(table: Path, model: str, name: str, columns: Sequence[str]) -> dict[str, Any]:
    rows = read_tsv(table) if table.is_file() else []
    for row in rows:
        if row["model"] == model and all(column in row for column in columns):
            numbers = [value(row[column]) for column in columns]
            counts = {key: int(row[key]) for key in ("clips", "speakers", "folds")}
            return {
                "name": name,
                **dict(zip(("value", "low", "high"), numbers, strict=True)),
                **counts,
            }
    return {}
