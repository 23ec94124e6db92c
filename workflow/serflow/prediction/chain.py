"""From a recording to what a model reads, by the very steps of the extraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import feature_types, network_inputs
from serflow.errors import UserError
from serflow.sound.audio import Recording

Extraction = Mapping[str, Any]
"""Dotted key of the configuration to its value: what a model's inputs were made by."""


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
    from serflow.sound.views import spectrogram

    rate = settings["rate"]
    signal = fixed(
        recording,
        rate,
        extraction["spectrogram.hop_seconds"],
        extraction["spectrogram.frames"],
    )
    view = network_inputs.view(settings)
    return signal if view is None else spectrogram(signal, view)


def _image(recording: Recording, size: Sequence[int], extraction: Extraction) -> NDArray[np.uint8]:
    from serflow.networks.pixels import fitted
    from serflow.sound.images import image
    from serflow.sound.spectra import Analysis, mel_spectrogram

    made = extraction["images"]
    mel = mel_spectrogram(recording.samples, recording.rate, Analysis.of(extraction), made["power"])
    height, width = size
    return fitted(image(mel, made["log_offset"]), (height, width))


def feature_vector(
    recording: Recording, types: str, extraction: Extraction, own_code: str | None = None
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
    own_code
        The Python file of a type of the user's own. It is executed, so a model file alone does not
        choose it.

    Returns
    -------
    array of shape (dimensions,), float32

    Raises
    ------
    UserError
        If a type is of the user's own and no file was given.
    """
    return np.concatenate(
        [_features(recording, kind, extraction, own_code) for kind in types.split("+")]
    )


def _features(
    recording: Recording, kind: str, extraction: Extraction, own_code: str | None
) -> NDArray[np.float32]:
    from serflow.sound.features import vector

    if kind in feature_types.SPECTRAL:
        return vector(_bands(recording, extraction)[kind])
    if feature_types.built_in(kind):
        return _cepstra(recording, kind, extraction)
    if own_code is None:
        raise UserError(
            f"the model's feature type {kind} is made by "
            f"{extraction[f'features.custom.{kind}']['file']}, which would be executed; give that "
            "file by --own-code"
        )
    from serflow.sound.custom import CustomFeature

    function = extraction[f"features.custom.{kind}"]["function"]
    values = CustomFeature(kind, own_code, function).of("", recording.samples, recording.rate)
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
    from serflow.sound.functionals import functionals

    stored, count = feature_types.array(kind)
    hop, frames = extraction["spectrogram.hop_seconds"], extraction["spectrogram.frames"]
    most = feature_types.MOST_COEFFICIENTS
    samples, rate = recording.samples, recording.rate
    matrix = mfcc(samples, rate, hop, frames, most)
    if stored == "statistics":
        matrix = functionals(matrix[:, : real_frames(samples.size, rate, hop, frames)])
    return vector(matrix[:count])
