"""Cached feature files: one matrix a feature type, gathered from the shards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from serflow import feature_types
from serflow.errors import UserError
from serflow.files import replacing


@dataclass(frozen=True)
class Features:
    """One feature type of a corpus.

    Attributes
    ----------
    X
        Feature vectors, shape (clips, dimensions), float32.
    clip, label, speaker
        Of each row, unicode arrays of shape (clips,).
    config
        The slice of the configuration that made the features.
    """

    X: npt.NDArray[np.float32]
    clip: npt.NDArray[np.str_]
    label: npt.NDArray[np.str_]
    speaker: npt.NDArray[np.str_]
    config: dict[str, Any]


def vector(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Stack a feature matrix's columns: all rows of frame 0, then all of frame 1, and so on.

    Parameters
    ----------
    matrix
        Shape (rows, frames), or (clips, rows, frames).

    Returns
    -------
    array of shape (rows * frames,), or (clips, rows * frames)
    """
    turned = np.swapaxes(matrix, -1, -2)
    return turned.reshape(*matrix.shape[:-2], -1)


def gather(
    shards: Iterable[str | Path],
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    config: dict[str, Any],
) -> Features:
    """Gather one feature type from shard files.

    Parameters
    ----------
    shards
        ``.npz`` files with `clip` (n,) and the array that `feature_types.array` names, (n, rows,
        frames) or (n, values).
    kind
        Feature type, one of the library's or of the user's own.
    rows
        The clip table, in the order wanted.
    config
        Kept beside the matrix.

    Returns
    -------
    Each clip's matrix with its columns stacked: frame 0's values first. Beside it no more than one
    shard is in memory at a time.

    Raises
    ------
    ValueError
        If a clip of `rows` is in no shard.
    UserError
        If the clips' features are not of one shape, which a user's own may do.
    """
    array, count = feature_types.array(kind)
    place = {row["clip"]: i for i, row in enumerate(rows)}
    X: npt.NDArray[np.float32] | None = None
    shapes: dict[tuple[int, ...], str] = {}
    for path in shards:
        with np.load(path, allow_pickle=False) as shard:
            if not len(shard["clip"]):
                # All its recordings are left out.
                continue
            matrices = shard[array][:, :count]
            shapes.setdefault(matrices.shape[1:], str(shard["clip"][0]))
            if len(shapes) > 1:
                raise UserError(_unlike(kind, shapes, config))
            found = vector(matrices) if matrices.ndim == 3 else matrices
            if X is None:
                X = np.empty((len(rows), found.shape[1]), np.float32)
            for clip, values in zip(shard["clip"].tolist(), found, strict=True):
                if clip in place:
                    X[place.pop(clip)] = values
    if place or X is None:
        raise ValueError(f"clips of no shard: {', '.join(place)}")
    return Features(
        X=X,
        clip=np.array([row["clip"] for row in rows]),
        label=np.array([row["label"] for row in rows]),
        speaker=np.array([row["speaker"] for row in rows]),
        config=config,
    )


def _unlike(kind: str, shapes: Mapping[tuple[int, ...], str], config: Mapping[str, Any]) -> str:
    """Say that two shards hold features of different shapes."""
    (first, before), (second, clip) = shapes.items()
    made = config.get(f"features.custom.{kind}", {})
    where = ": ".join(made[key] for key in ("file", "function") if key in made) or kind
    return feature_types.unlike(where, before, first, clip, second)


def save(path: str | Path, features: Features) -> None:
    """Write a feature file that ``numpy.load(path, allow_pickle=False)`` reads."""
    with replacing(path) as temporary:
        np.savez(
            temporary,
            X=features.X,
            clip=features.clip,
            label=features.label,
            speaker=features.speaker,
            config=np.array(json.dumps(features.config, sort_keys=True)),
        )


def load(path: str | Path) -> Features:
    """Read a feature file."""
    with np.load(path, allow_pickle=False) as file:
        return Features(
            X=file["X"],
            clip=file["clip"],
            label=file["label"],
            speaker=file["speaker"],
            config=json.loads(str(file["config"])),
        )


def concatenate(parts: Sequence[Features]) -> Features:
    """Put several feature types of the same clips side by side."""
    first = parts[0]
    if any(not np.array_equal(part.clip, first.clip) for part in parts):
        raise UserError(
            "feature files of different clip tables cannot be put side by side; make them again"
        )
    return Features(
        X=np.concatenate([part.X for part in parts], axis=1),
        clip=first.clip,
        label=first.label,
        speaker=first.speaker,
        config={"parts": [part.config for part in parts]},
    )
