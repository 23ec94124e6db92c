"""All networks of one model as ONNX, checked, and how a recording becomes their input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from serflow import targets
from serflow.errors import UserError
from serflow.export import check
from serflow.export.graph import graph
from serflow.export.preprocessing import describe
from serflow.export.settings import portable
from serflow.files import replacing, write_json
from serflow.networks import modelfile
from serflow.stored.arrays import StoredArrays
from serflow.tables import read_tsv, write_tsv
from serflow.version import VERSION

Path_ = str | Path


@dataclass(frozen=True)
class Run:
    """One trained network.

    Attributes
    ----------
    model
        Its model file, ``fold0_seed0.safetensors``.
    predictions
        The table of what it says of its test clips.
    """

    model: Path_
    predictions: Path_

    @property
    def name(self) -> str:
        """What the network is called: ``fold0_seed0``."""
        return Path(self.model).stem


@dataclass(frozen=True)
class Corpus:
    """The recordings that networks were trained and tested on.

    Attributes
    ----------
    name
        What the corpus is called.
    licence
        Of the recordings; "" where it is not stated.
    arrays, clips
        The networks' arrays, a file a shard, and the tables of their clips.
    speakers
        Speaker by clip; "" where not known.
    rates
        Sampling rates of the recordings in Hz.
    """

    name: str
    licence: str
    arrays: Sequence[Path_]
    clips: Sequence[Path_]
    speakers: Mapping[str, str]
    rates: Sequence[int]


def export(
    runs: Sequence[Run],
    corpus: Corpus,
    files: Sequence[Path_],
    preprocessing: Path_,
    checked: Path_,
    network_file: Path_ | None = None,
) -> None:
    """Write the networks of one model as ONNX, once all of them say what they should.

    Parameters
    ----------
    runs
        Its networks, at least one.
    corpus
        What they were trained on.
    files
        Where to write the ONNX files, in the order of `runs`.
    preprocessing, checked
        Where to write ``preprocessing.json`` and the table of the check.
    network_file
        The Python file of a network of the user's own; it is executed.

    Raises
    ------
    UserError
        If a package is missing, a network cannot be written as ONNX, or a file says something else
        than its network.
    """
    loaded = [modelfile.load(run.model, network_file) for run in runs]
    first, metadata = loaded[0]
    stored = StoredArrays(corpus.arrays, corpus.clips, corpus.speakers)
    contents: list[bytes] = []
    rows: list[dict[str, Any]] = []
    for run, (network, about) in zip(runs, loaded, strict=True):
        contents.append(graph(network, _told(network, about, corpus)))
        tested = read_tsv(run.predictions)
        tested = [tested[number] for number in check.chosen(len(tested))]
        clips = [row["clip"] for row in tested]
        strangers = stored.lacking(clips)
        if strangers:
            raise UserError(
                f"{run.predictions}: tells of the clip {strangers[0]}, which is not among those of "
                f"{Path(corpus.clips[0]).parent}; finish the run first "
                "(`snakemake --cores 2 models`)"
            )
        target = targets.of(network.settings)
        rows.append(
            check.compare(
                run.name,
                contents[-1],
                network,
                np.asarray(stored.of(clips, network.settings), np.float32),
                check.stored_answers(tested, network.classes, target),
            )
        )
    told = describe(
        first.settings,
        metadata["extraction"],
        first.classes,
        first.input_shape,
        corpus.rates,
        {run.name: net.preprocessing for run, (net, _) in zip(runs, loaded, strict=True)},
    )
    for file, content in zip(files, contents, strict=True):
        with replacing(file) as temporary:
            temporary.write_bytes(content)
    write_json(preprocessing, told)
    write_tsv(checked, rows, check.COLUMNS)


def _told(
    network: modelfile.Network, metadata: Mapping[str, Any], corpus: Corpus
) -> dict[str, Any]:
    """Return what an ONNX file tells of itself."""
    target = targets.of(network.settings)
    meaning = {"labels": network.classes} if target is None else {"target": target}
    return {
        **meaning,
        "corpus": corpus.name,
        "fold": str(metadata["fold"]),
        "licence_of_recordings": corpus.licence or "not stated",
        "preprocessing": "preprocessing.json beside this file",
        "seed": str(metadata["seed"]),
        "serflow_version": VERSION,
        "settings": portable(network.settings),
    }
