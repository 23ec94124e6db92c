"""From a recording to what a model reads, by the very steps of the extraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from serflow import feature_types, network_inputs
from serflow.errors import UserError
from serflow.prediction.extraction import CUSTOM, Extraction
from serflow.sound.audio import Recording

if TYPE_CHECKING:
    from serflow.sound.custom import CustomFeature


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
                f"{extraction[CUSTOM + kind]['file']}, which would be executed; give that "
                "file by --own-code (`predict.own_code`)"
            )
    from serflow.sound.custom import CustomFeature

    return {
        kind: CustomFeature(kind, files[kind], extraction[CUSTOM + kind]["function"])
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
