"""The command ``python -m serflow export``."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from serflow import disk
from serflow.errors import UserError, shown

OWN = re.compile(r"README\.md|preprocessing\.json|check\.tsv|fold\d+_seed\d+\.onnx")
"""Names of the files that an export consists of."""


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "export",
        help="the networks of a model as ONNX, with a model card",
        description="Write the networks of a model as ONNX, checked against torch, and its card.",
    )
    parser.add_argument("model", help="results/{corpus}/models/{model} of a finished run")
    parser.add_argument("--to", required=True, help="folder to write to; new, or of an export")
    parser.add_argument(
        "--own-code", help="Python file of a network of your own, of family custom; it is executed"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from serflow import model_list
    from serflow.export.card.content import card
    from serflow.export.card.facts import gather
    from serflow.files import write_text

    folder, to = Path(arguments.model), Path(arguments.to)
    place = folder.resolve()
    if not folder.is_dir() or place.parent.name != "models":
        raise UserError(f"{shown(folder)}: wanted is a folder results/{{corpus}}/models/{{model}}")
    results, name = place.parent.parent, place.name
    _check_place(to)
    provenance = results / "provenance.json"
    if not provenance.is_file():
        raise UserError(
            f"{shown(provenance)}: is not there, so nothing is known of the run that trained "
            f"{name}; finish it first (`snakemake --cores 2 report`)"
        )
    config = _configuration(provenance)
    models = model_list.expand(config["models"])
    if name not in models:
        raise UserError(
            f"{shown(folder)}: the last run had no model of this name, but {', '.join(models)}; "
            "name one of these"
        )
    files = _tables(results, name)
    to.mkdir(parents=True, exist_ok=True)
    if models[name]["family"] in model_list.NETWORKS:
        files |= _networks(results, folder, to, config, models[name], arguments.own_code)
    write_text(to / "README.md", card(gather(config, models, files)))
    print(f"{shown(to)}: {', '.join(sorted(path.name for path in to.iterdir()))}")
    return 0


def _configuration(provenance: Path) -> dict[str, Any]:
    """Return the configuration of the run that `provenance` tells of."""
    from serflow.files import read_json

    try:
        told: dict[str, Any] = read_json(provenance)["configuration"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{shown(provenance)}: cannot be read ({error}); delete it, so that the report makes "
            "it again"
        ) from None
    return told


def _check_place(to: Path) -> None:
    """Raise `UserError` for a place that an export must not be written to."""
    if to.exists() and not to.is_dir():
        raise UserError(f"{shown(to)}: is no folder; give another name by --to")
    foreign = sorted(
        path.name for path in (to.iterdir() if to.is_dir() else ()) if not OWN.fullmatch(path.name)
    )
    if foreign:
        raise UserError(
            f"{shown(to)}: holds {shown(foreign[0])}, which is of no export, so a README.md there "
            "may be of something else; give a new folder by --to"
        )
    there = next(one for one in to.absolute().parents if one.exists())
    refused = disk.refusal([there])
    if refused:
        raise UserError(refused)


def _tables(results: Path, model: str) -> dict[str, Any]:
    """Return the files that a card is made of, by name."""
    from serflow.export.card.facts import REGRESSION, TABLES
    from serflow.prediction.found import files

    found: dict[str, Any] = {
        name: results / f"{name}.tsv" for name in ("clips", "recordings", "splits", "leakage")
    }
    found["provenance"] = results / "provenance.json"
    for name in (*TABLES, REGRESSION):
        path = results / "evaluation" / f"{name}.tsv"
        found[name] = path if path.is_file() else None
    trained = files(results / "models" / model)
    return {**found, "model": model, "records": [path.with_suffix(".json") for path in trained]}


def _networks(
    results: Path,
    folder: Path,
    to: Path,
    config: Mapping[str, Any],
    settings: Mapping[str, Any],
    own_code: str | None,
) -> dict[str, Any]:
    """Write the networks; return the files that the card is made of, too."""
    from serflow import network_inputs
    from serflow.corpora import shards
    from serflow.corpora.about import about
    from serflow.export.networks import Corpus, Run, export
    from serflow.prediction.found import files
    from serflow.tables import read_tsv

    place = results / network_inputs.folder(settings)
    clips = read_tsv(results / "clips.tsv")
    # By the clips: shards of an earlier configuration may lie beside them.
    arrays = [place / f"{shard}.npy" for shard in shards.deal(clips, config["shards"])]
    if not all(path.is_file() for path in arrays):
        raise UserError(
            f"{shown(place)}: the clips that the networks read are not all there, and the check "
            "against torch needs some; let the run make them again (`snakemake --cores 2 models`)"
        )
    recordings = read_tsv(results / "recordings.tsv")
    corpus = Corpus(
        name=config["corpus"]["name"],
        licence=about(config["corpus"]).licence,
        arrays=arrays,
        clips=[path.with_suffix(".tsv") for path in arrays],
        speakers={row["clip"]: row["speaker"] for row in clips},
        rates=sorted({int(row["rate"]) for row in recordings if row["rate"]}),
    )
    models = files(folder)
    predictions = results / "predictions" / folder.resolve().name
    preprocessing, check = to / "preprocessing.json", to / "check.tsv"
    export(
        [Run(path, predictions / f"{path.stem}.tsv") for path in models],
        corpus,
        [to / f"{path.stem}.onnx" for path in models],
        preprocessing,
        check,
        own_code,
    )
    return {"preprocessing": preprocessing, "check": check}
