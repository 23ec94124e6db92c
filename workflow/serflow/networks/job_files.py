"""What a training's job reads and leaves as files, beside the model and its predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import network_inputs
from serflow.codeprint import fileprint
from serflow.files import write_json
from serflow.networks.checkpoints import Checkpoint
from serflow.networks.determinism import choose_device
from serflow.networks.training import Trained
from serflow.process import log
from serflow.tables import read_tsv, write_tsv


def in_order(
    clips: Sequence[str], copied: Sequence[str]
) -> tuple[NDArray[np.str_], NDArray[np.intp]]:
    """Return the clips by name, so that the number of shards changes no result.

    Parameters
    ----------
    clips, copied
        Tables of the clips of each shard, and of those of each shard of each copy.

    Returns
    -------
    clips, order
        Names of the clips, sorted; and for each of them, then copy by copy, where it stands among
        all rows of the tables.
    """
    of_shards = [row["clip"] for shard in clips for row in read_tsv(shard)]
    of_copies = [row["clip"] for shard in copied for row in read_tsv(shard)]
    stored = np.array(of_shards + of_copies)
    order = np.lexsort([stored, np.arange(len(stored)) // len(of_shards)])
    return stored[order[: len(of_shards)]], order


def curve_file(
    path: str | Path, tell: Callable[[Mapping[str, Any]], None] | None = None
) -> Callable[[Mapping[str, Any]], None]:
    """Return what is called with each epoch's row: it writes the table anew.

    The whole table each time: small, and never half written for whoever watches it grow.

    Parameters
    ----------
    path
        Table of the curve.
    tell
        Called with the row as well.
    """
    curve: list[Mapping[str, Any]] = []

    def on_epoch(row: Mapping[str, Any]) -> None:
        curve.append(row)
        write_tsv(path, curve, list(row))
        if tell is not None:
            tell(row)

    return on_epoch


def write_record(
    path: str | Path, settings: Mapping[str, Any], trained: Trained, seconds: float, threads: int
) -> None:
    """Write what the tables say of a trained network.

    Parameters
    ----------
    path
        JSON file.
    settings
        The model's configuration slice.
    trained
        The network.
    seconds
        What its training took.
    threads
        Threads of torch on the CPU.
    """
    record = {
        "family": settings["family"],
        "features": network_inputs.describe(settings),
        "parameters": trained.parameters,
        "train_seconds": seconds,
        "predict_ms_per_clip": trained.predict_ms_per_clip,
        "epochs": trained.epochs,
        "best_epoch": trained.best_epoch,
        "device": trained.device,
        "threads": threads,
    }
    write_json(path, record)


def checkpoint_of(
    path: str | Path,
    told: Any,
    device: str,
    splits: str | Path,
    arrays: Sequence[str],
) -> Checkpoint:
    """Return a training's checkpoint, and say in the log if it goes on from there.

    Parameters
    ----------
    path
        The checkpoint's file.
    told
        What Snakemake tells the job: settings, wildcards, threads; its text counts.
    device
        Configured name of the device.
    splits
        Table of the folds; its content counts.
    arrays
        Files of the network's input; their sizes and times count.
    """
    found = [(array, Path(array).stat()) for array in arrays]
    stamps = [(array, file.st_size, file.st_mtime_ns) for array, file in found]
    fingerprint = repr((told, choose_device(device).type, fileprint(splits), stamps))
    checkpoint = Checkpoint(path, fingerprint)
    if checkpoint.begun:
        log.info("going on from %s", path)
    return checkpoint
