"""Where the trained models of an earlier run lie, and which of them count.

Imports nothing heavy: the Snakefile calls this module while the rules are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from serflow import model_list
from serflow.errors import UserError
from serflow.evaluation.baseline_names import FAMILY
from serflow.files import read_json
from serflow.splitting import premium
from serflow.tables import read_tsv

SUFFIXES = (".skops", ".safetensors")
# The tables of an evaluation: a row a model, and a row a training.
_EVALUATIONS = (("models.tsv", "per_fold.tsv"), ("regression.tsv", "regression_per_fold.tsv"))
_ROUNDED = 1e-5
"""Share that a number of a table, six digits, may be off by."""


def files(place: str | Path) -> list[Path]:
    """Return the model files that a user means.

    In a folder of ``results/{corpus}/models`` these are the trainings that the evaluation beside
    it counted: those of an earlier configuration may lie there as well. Of a model that nothing
    evaluated all are returned.

    Parameters
    ----------
    place
        A model file; a model's folder below ``results/{corpus}/models``, for all its folds and
        seeds; or ``results/{corpus}``, for the model with the highest UAR of the evaluation.

    Raises
    ------
    UserError
        If there is no such file, no model in the folder, or the models there are not those that
        were evaluated, as when a run has begun to train them again.
    """
    given = Path(place)
    if given.is_file():
        if given.suffix not in SUFFIXES:
            raise UserError(f"{given}: wanted is a model, {' or '.join(SUFFIXES)}, or a folder")
        return [given]
    if not given.is_dir():
        raise UserError(
            f"{given}: there is no such file or folder; wanted is results/{{corpus}}, one of the "
            "folders in results/{corpus}/models, or a file in one of these"
        )
    folder = given / "models" / best(given) if (given / "models").is_dir() else given
    found = sorted(path for path in folder.glob("fold*_seed*") if path.suffix in SUFFIXES)
    if not found:
        raise UserError(f"{folder}: no model is in it; finish the run that trains it first")
    evaluations = _evaluations(folder)
    if not evaluations:
        return found
    problems = [one.problem(found) for one in evaluations]
    for evaluated, problem in zip(evaluations, problems, strict=True):
        if not problem:
            return sorted(evaluated.trainings)
    raise UserError(
        f"{folder}: its models are not those of the evaluation beside it: {problems[-1]}; finish "
        "the run (`snakemake --cores 2 evaluation`), or give one of the files"
    )


@dataclass(frozen=True)
class _Evaluated:
    """What an evaluation tells of a model: its trainings, and the mean of how long they took.

    `seconds` is None where the table does not tell it, `gap` a table that lacks the model.
    """

    trainings: list[Path]
    seconds: float | None = None
    gap: Path | None = None

    def problem(self, found: Sequence[Path]) -> str:
        """Return why the models in the folder are not those that were evaluated; "" if they are."""
        if self.gap:
            return f"{self.gap.name} does not tell of them"
        missing = [path.name for path in self.trainings if path not in found]
        if missing:
            return f"{missing[0]} is not there"
        records = [path.with_suffix(".json") for path in self.trainings]
        # Trained again since, although nobody evaluated them yet: they will not have taken as long.
        if self.seconds is not None and all(path.is_file() for path in records):
            try:
                took = fmean(float(read_json(path)["train_seconds"]) for path in records)
            except (OSError, ValueError, KeyError, TypeError):
                return f"the records beside them ({records[0].name} and others) cannot be read"
            if not math.isclose(took, self.seconds, rel_tol=_ROUNDED):
                return "they were trained again after it"
        return ""


def _evaluations(folder: Path) -> list[_Evaluated]:
    """Return what the evaluations beside a folder of models tell of it.

    They are two where a model recognised labels and came to estimate a number, or the other way
    round: an earlier run's tables stay.
    """
    place = folder.resolve()
    if place.parent.name != "models":
        return []
    evaluation, model = place.parent.parent / "evaluation", place.name
    found = []
    for of_models, of_trainings in _EVALUATIONS:
        rows = _rows(evaluation / of_models, model)
        trainings = _rows(evaluation / of_trainings, model)
        if rows and trainings:
            suffix = SUFFIXES[rows[0]["family"] in model_list.NETWORKS]
            files = [folder / f"fold{one['fold']}_seed{one['seed']}{suffix}" for one in trainings]
            seconds = rows[0].get("train_seconds")
            found.append(_Evaluated(files, float(seconds) if seconds else None))
        elif rows or trainings:
            found.append(_Evaluated([], gap=evaluation / (of_trainings if rows else of_models)))
    return found


def _rows(table: Path, model: str) -> list[dict[str, str]]:
    rows = read_tsv(table) if table.is_file() else []
    return [row for row in rows if row["model"] == model]


def best(results: str | Path) -> str:
    """Return the model with the highest UAR of ``results/{corpus}``.

    Raises
    ------
    UserError
        If nothing was evaluated there yet, or no model recognises labels.
    """
    table = Path(results, "evaluation", "models.tsv")
    numbers = table.with_name("regression.tsv")
    if not table.is_file() and numbers.is_file():
        names = ", ".join(dict.fromkeys(row["model"] for row in read_tsv(numbers)))
        raise UserError(
            f"{results}: its models estimate numbers, and none of these is the best by a score "
            f"that all have; name one of the folders in {Path(results, 'models')} ({names})"
        )
    if not table.is_file():
        raise UserError(
            f"{table}: is not there, so no model is known to be the best; finish the run "
            "(`snakemake --cores 2 evaluation`), or name a folder in models/"
        )
    trained = [row for row in read_tsv(table) if row["family"] != FAMILY]
    return max(trained, key=lambda row: float(row["uar"]))["model"]


def trained(results: str | Path) -> list[str]:
    """Return the models of ``results/{corpus}`` that can be asked, by name, sorted.

    Trainings under random folds are none: they are there to be compared with, not to be used.
    """
    folders = sorted(Path(results, "models").glob("*/"))
    return [
        folder.name
        for folder in folders
        if not folder.name.endswith(premium.SUFFIX)
        and any(path.suffix in SUFFIXES for path in folder.glob("fold*_seed*"))
    ]
