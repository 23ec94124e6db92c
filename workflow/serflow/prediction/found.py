"""Where the trained models of an earlier run lie, and which of them count.

Imports nothing heavy: the Snakefile calls this module while the rules are read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from serflow.errors import UserError
from serflow.evaluation.baseline_names import FAMILY
from serflow.files import read_json
from serflow.splitting import premium
from serflow.tables import read_tsv

SUFFIXES = (".skops", ".safetensors")


def files(place: str | Path) -> list[Path]:
    """Return the model files that a user means.

    In a folder these are the trainings of the last run, as far as its results tell them: folds and
    seeds of an earlier configuration may lie beside them.

    Parameters
    ----------
    place
        A model file; a model's folder below ``results/{corpus}/models``, for all its folds and
        seeds; or ``results/{corpus}``, for the model with the highest UAR of the evaluation.

    Raises
    ------
    UserError
        If there is no such file, or no model in the folder.
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
    current = _current(folder)
    kept = [path for path in found if current(path.stem)]
    if not kept:
        raise UserError(
            f"{folder}: its models are left over from an earlier run; finish the run that trains "
            "them, or give one of the files"
        )
    return kept


def _current(folder: Path) -> Callable[[str], bool]:
    """Return what tells of a file's name, ``fold0_seed0``, whether it is of the last run."""
    place = folder.resolve()
    if place.parent.name != "models":
        return lambda name: True
    results, model = place.parent.parent, place.name
    listed = _listed(results / "provenance.json").get(model)
    if listed is not None:
        return lambda name: name in listed
    table = results / "evaluation" / "models.tsv"
    rows = read_tsv(table) if table.is_file() else []
    folds = [int(row["folds"]) for row in rows if row["model"] == model]
    if not folds:
        return lambda name: True
    return lambda name: name.split("_")[0] in {f"fold{fold}" for fold in range(folds[0])}


def _listed(provenance: Path) -> dict[str, list[str]]:
    """Return the trainings that a report goes by, by model; none where it does not tell them."""
    if not provenance.is_file():
        return {}
    try:
        told = read_json(provenance)
    except ValueError as error:
        remedy = "delete it, so that the report makes it again"
        raise UserError(f"{provenance}: cannot be read ({error}); {remedy}") from None
    trainings = told.get("trainings") if isinstance(told, dict) else None
    return trainings if isinstance(trainings, dict) else {}


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
