"""What a model file tells of how its inputs were made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from serflow import feature_types, network_inputs
from serflow.errors import UserError

Extraction = Mapping[str, Any]
"""Dotted key of the configuration to its value: what a model's inputs were made by."""

_WINDOW = ("spectrogram.hop_seconds", "spectrogram.frames")
_MEL = (*_WINDOW, "spectrogram.n_fft", "spectrogram.n_mels")
_BANDS = (*_MEL, "spectrogram.power", "features.bands", "features.frequency")
CUSTOM = "features.custom."
"""What the keys of the user's own feature types begin with."""


def network_keys(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys that a network's inputs are made by."""
    return (*_MEL, "images") if network_inputs.kind(settings) == "image" else _WINDOW


def feature_keys(types: str) -> tuple[str, ...]:
    """Return the keys that feature types, several joined by ``+``, are made by."""
    keys = list(_WINDOW)
    for kind in types.split("+"):
        if kind in feature_types.SPECTRAL:
            keys += _BANDS
        elif not feature_types.built_in(kind):
            keys.append(f"{CUSTOM}{kind}")
    return tuple(dict.fromkeys(keys))


def checked(path: str | Path, told: Any, wanted: Sequence[str]) -> Extraction:
    """Return what a model file tells of its inputs, when it can be gone by.

    Parameters
    ----------
    path
        The model's file.
    told
        What it tells; anything, because anybody may have written it.
    wanted
        The keys that this model's inputs are made by.

    Raises
    ------
    UserError
        If a key is missing, or a value is of a kind that no configuration has.
    """
    missing = [key for key in wanted if not isinstance(told, Mapping) or key not in told]
    if missing:
        raise UserError(
            f"{path}: does not tell how its clips were made ({missing[0]} is missing); train it "
            "again"
        )
    for key, value in told.items():
        if not _fits(str(key), value):
            raise UserError(
                f"{path}: says that its clips were made by {key} {value!r}, which no run can have "
                "written; train it again"
            )
    found: Extraction = told
    return found


def _fits(key: str, value: Any) -> bool:
    if key.startswith(CUSTOM):
        parts = ("file", "function")
        return isinstance(value, Mapping) and all(isinstance(value.get(one), str) for one in parts)
    return key not in _KINDS or _KINDS[key](value)


def _count(value: Any) -> bool:
    return type(value) is int and value > 0


def _amount(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < math.inf


def _edges(value: Any) -> bool:
    def edge(one: Any) -> bool:
        return type(one) in (int, float) and 0 <= one < math.inf

    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(edge, pair)) for pair in value
    )


def _images(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        _amount(value.get(one)) for one in ("power", "log_offset")
    )


_KINDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("spectrogram.frames", "spectrogram.n_fft", "spectrogram.n_mels"), _count),
    **dict.fromkeys(("spectrogram.hop_seconds", "spectrogram.power"), _amount),
    "features.bands": _edges,
    "features.frequency": lambda value: value in ("band", "hz"),
    "images": _images,
}


def window_seconds(extraction: Extraction) -> float:
    """Return how much of a recording a model hears, in seconds; the rest is cut off."""
    return float((extraction["spectrogram.frames"] + 1) * extraction["spectrogram.hop_seconds"])
