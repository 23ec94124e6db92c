"""From a recording to what a model reads, by the very steps of the extraction."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from serflow import feature_types, network_inputs
from serflow.errors import UserError
from serflow.sound.audio import Recording

if TYPE_CHECKING:
    from serflow.sound.custom import CustomFeature

Extraction = Mapping[str, Any]
"""Dotted key of the configuration to its value: what a model's inputs were made by."""

_WINDOW = ("spectrogram.hop_seconds", "spectrogram.frames")
_MEL = (*_WINDOW, "spectrogram.n_fft", "spectrogram.n_mels")
_BANDS = (*_MEL, "spectrogram.power", "features.bands", "features.frequency")
_CUSTOM = "features.custom."


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
            keys.append(f"{_CUSTOM}{kind}")
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
    if key.startswith(_CUSTOM):
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


def network_input(
    recording: Recording, settings: Mapping[str, Any], extraction: Extraction
) -> NDArray[Any]:
    """Return what a network reads of a recording's beginning.

    Parameters
    ----------
    recording
        The recording.
    settings
        The network's slice of the configuration.
    extraction
        The keys that its arrays were made by.

    Returns
    -------
    array of the network's ``input_shape``, of the type that the extraction stores
    """
    if network_inputs.kind(settings) == "image":
        return _image(recording, settings["size"], extraction)
    from serflow.sound.signals import fixed

    rate = settings["rate"]
    signal = fixed(
        recording,
        rate,
        extraction["spectrogram.hop_seconds"],
        extraction["spectrogram.frames"],
    )
    view = network_inputs.view(settings)
    if view is None:
        return signal
    from serflow.sound.views import spectrogram

    return spectrogram(signal, view)


def _image(recording: Recording, size: Sequence[int], extraction: Extraction) -> NDArray[np.uint8]:
    from serflow.networks.pixels import fitted
    from serflow.sound.images import image
    from serflow.sound.spectra import Analysis, mel_spectrogram

    made = extraction["images"]
    mel = mel_spectrogram(recording.samples, recording.rate, Analysis.of(extraction), made["power"])
    height, width = size
    return fitted(image(mel, made["log_offset"]), (height, width))


def own_features(
    types: str, extraction: Extraction, own_code: str | Mapping[str, str] | None
) -> dict[str, CustomFeature]:
    """Return the feature types of the user's own among `types`, by name.

    Parameters
    ----------
    types
        Feature types, several joined by ``+``.
    extraction
        The keys that the features were made by.
    own_code
        The Python file that defines them, or one for each by name. It is executed, so a model file
        alone does not choose it.

    Raises
    ------
    UserError
        If there are such types and no file was given, or their function is not in it.
    """
    own = [kind for kind in types.split("+") if not feature_types.built_in(kind)]
    if not own:
        return {}
    files = dict.fromkeys(own, own_code) if isinstance(own_code, str) else own_code or {}
    for kind in own:
        if kind not in files:
            raise UserError(
                f"the model's feature type {kind} is made by "
                f"{extraction[_CUSTOM + kind]['file']}, which would be executed; give that "
                "file by --own-code (`predict.own_code`)"
            )
    from serflow.sound.custom import CustomFeature

    return {
        kind: CustomFeature(kind, files[kind], extraction[_CUSTOM + kind]["function"])
        for kind in own
    }


def feature_vector(
    recording: Recording,
    types: str,
    extraction: Extraction,
    own: Mapping[str, CustomFeature] | None = None,
    name: str = "",
) -> NDArray[np.float32]:
    """Return the handcrafted features of a recording's beginning.

    Parameters
    ----------
    recording
        The recording.
    types
        Feature types, several joined by ``+``.
    extraction
        The keys that the features were made by.
    own
        The types among these that are of the user's own, see `own_features`.
    name
        What the recording is called when its features cannot be made.

    Returns
    -------
    array of shape (dimensions,), float32

    Raises
    ------
    UserError
        If a function of the user's own fails, or the hop is shorter than a sample.
    """
    return np.concatenate(
        [_features(recording, kind, extraction, own or {}, name) for kind in types.split("+")]
    )


def _features(
    recording: Recording,
    kind: str,
    extraction: Extraction,
    own: Mapping[str, CustomFeature],
    name: str,
) -> NDArray[np.float32]:
    from serflow.sound.features import vector

    if kind in feature_types.SPECTRAL:
        return vector(_bands(recording, extraction)[kind])
    if feature_types.built_in(kind):
        return _cepstra(recording, kind, extraction)
    # A copy, because it remembers the shape of its first clip: here the model tells the right one.
    values = copy(own[kind]).of(name, recording.samples, recording.rate)
    return vector(values) if values.ndim == 2 else values


def _bands(recording: Recording, extraction: Extraction) -> dict[str, NDArray[np.float32]]:
    from serflow.sound.bands import features, frequencies
    from serflow.sound.spectra import Analysis, mel_spectrogram

    analysis = Analysis.of(extraction)
    power = extraction["spectrogram.power"]
    mel = mel_spectrogram(recording.samples, recording.rate, analysis, power)
    scale = frequencies(extraction["features.frequency"], analysis.n_mels, recording.rate)
    return features(mel, extraction["features.bands"], scale)


def _cepstra(recording: Recording, kind: str, extraction: Extraction) -> NDArray[np.float32]:
    from serflow.sound.cepstra import mfcc, real_frames
    from serflow.sound.features import vector

    stored, count = feature_types.array(kind)
    hop, frames = extraction["spectrogram.hop_seconds"], extraction["spectrogram.frames"]
    most = feature_types.MOST_COEFFICIENTS
    samples, rate = recording.samples, recording.rate
    matrix = mfcc(samples, rate, hop, frames, most)
    if stored == "statistics":
        # Only now: scipy's signals take a second to import.
        from serflow.sound.functionals import functionals

        matrix = functionals(matrix[:, : real_frames(samples.size, rate, hop, frames)])
    return vector(matrix[:count])
