"""Whether an ONNX file says what its network says, asked on real clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import targets
from serflow.errors import UserError
from serflow.export.graph import INPUT
from serflow.export.packages import missing
from serflow.networks import modelfile
from serflow.networks.modelfile import Network

try:
    import onnxruntime
except ImportError as error:
    raise missing(error) from error

MOST_CLIPS = 32
TOLERANCE = 1e-4
"""Largest difference from torch on the same machine, which leaves 1e-6 or less."""
STORED_TOLERANCE = 1e-2
"""Largest difference from the predictions of the training, which may have run on a GPU."""
COLUMNS = ("network", "clips", "difference", "stored_difference", "alike")


def chosen(clips: int, most: int = MOST_CLIPS) -> NDArray[np.intp]:
    """Return which of so many clips are asked: `most` of them, spread evenly, or all."""
    return np.unique(np.linspace(0, clips - 1, min(clips, most)).round().astype(np.intp))


def answers(content: bytes, *batches: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """Ask an ONNX file by onnxruntime, on one thread of the CPU.

    Parameters
    ----------
    content
        The file's bytes.
    batches
        Raw clips, each ``(clips, …)``.

    Returns
    -------
    list of arrays
        Of each batch the probabilities, ``(clips, labels)``, or estimates, ``(clips,)``.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Errors: it warns of what it does not optimise.
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, ["CPUExecutionProvider"])
    return [session.run(None, {INPUT: batch})[0].astype(np.float64) for batch in batches]


def compare(
    name: str,
    content: bytes,
    network: Network,
    inputs: NDArray[np.float32],
    stored: NDArray[np.float64],
) -> dict[str, Any]:
    """Return the row of the check's table for one network.

    Parameters
    ----------
    name
        The network's: ``fold0_seed0``.
    content
        Its ONNX file.
    network
        The network itself.
    inputs
        Real clips that it was tested on, ``(clips, …)``, as its arrays hold them.
    stored
        What the training's table of predictions says of them.

    Returns
    -------
    dict
        `network`, `clips`, the largest absolute `difference` from torch and from the table
        (`stored_difference`), and for how many clips the most probable label is that of torch
        (`alike`; empty where a number is estimated).

    Raises
    ------
    UserError
        If a difference is larger than it may be. Of estimates it is taken in units of the largest.
    """
    said, alone = answers(content, inputs, inputs[:1])
    wanted = modelfile.predict(network, inputs)
    estimating = targets.of(network.settings) is not None
    unit = max(1.0, float(np.abs(wanted).max())) if estimating else 1.0
    # A graph that was bound to some number of clips would say of one alone something else.
    difference = max(float(np.abs(said - wanted).max()), float(np.abs(alone - wanted[:1]).max()))
    from_stored = float(np.abs(said - stored).max())
    # Written so that NaN fails too.
    if not difference <= TOLERANCE * unit:
        raise UserError(
            f"{name}.onnx: says something else than torch does of {len(inputs)} real clips: "
            f"{difference:.2g} at most, and {TOLERANCE * unit:.2g} would be rounding. Nothing was "
            "exported; please report it with the model's settings"
        )
    if not from_stored <= STORED_TOLERANCE * unit:
        raise UserError(
            f"{name}.onnx: differs by {from_stored:.2g} from the predictions that the training "
            "left, so model, recordings and predictions are not of one run; finish it first "
            "(`snakemake --cores 2 models`)"
        )
    return {
        "network": name,
        "clips": len(inputs),
        "difference": difference,
        "stored_difference": from_stored,
        "alike": "" if estimating else int((said.argmax(1) == wanted.argmax(1)).sum()),
    }


def stored_answers(
    rows: Sequence[Mapping[str, str]], classes: Sequence[str], target: str | None
) -> NDArray[np.float64]:
    """Return what rows of a table of predictions, or of estimates, say of their clips."""
    if target is not None:
        return np.array([float(row["estimate"]) for row in rows])
    return np.array([[float(row[f"p_{label}"]) for label in classes] for row in rows])
