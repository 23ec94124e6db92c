"""How a recording becomes what an ONNX file reads: each step with its numbers, and in words.

The steps are those of `serflow.prediction.chain`, told so that they can be followed without SERflow
(`serflow.export.example` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serflow import network_inputs, targets
from serflow.export.steps import Settings, steps
from serflow.networks.normalisation import FLOOR as SMALLEST

NORMALISATION = {
    "image": "(clip / scale - mean) / std",
    "offset": "(clip / scale - mean) / std",
    "training": "(clip / scale - mean) / std, with mean and standard deviation of all values of "
    "the clips that the network was trained on",
    "bands": "(clip - mean) / std, with mean and standard deviation of each row over the clips "
    "that the network was trained on",
    "clip": f"(clip - its mean) / its standard deviation, which is at least {SMALLEST:g}",
    "rms": f"clip / its root mean square, which is at least {SMALLEST:g}",
    "speaker": "none: the last of the steps standardises by speaker",
}
"""Kind of normalisation → what the graph does before the network, in `numpy`'s signs."""


def describe(
    settings: Settings,
    extraction: Mapping[str, Any],
    classes: Sequence[str],
    input_shape: Sequence[int],
    rates: Sequence[int],
    normalisations: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the content of ``preprocessing.json``.

    Parameters
    ----------
    settings
        The model's slice of the configuration.
    extraction
        The keys that its arrays were made by, as its model file tells them.
    classes
        Labels in the order of the output; of a model with a `target` its one name.
    input_shape
        Shape of one clip.
    rates
        Sampling rates of the corpus' recordings in Hz.
    normalisations
        What `serflow.networks.normalisation.fit` gave each network, by the network's name.
    """
    target = targets.of(settings)
    kind = network_inputs.kind(settings)
    by_speaker = network_inputs.normalisation(settings) == "speaker"
    heard = (extraction["spectrogram.frames"] + 1) * extraction["spectrogram.hop_seconds"]
    way = next(iter(normalisations.values()))["kind"]
    return {
        "input": {
            "name": "clips",
            "kind": kind,
            "dtype": "float32",
            "shape": ["clips", *input_shape],
            "axes": ["clips", *_AXES[kind]],
            "seconds": round(heard, 6),
        },
        "steps": steps(settings, extraction, input_shape, rates),
        "normalisation": {
            "inside_onnx": not by_speaker,
            "kind": way,
            "formula": NORMALISATION[way],
            "numbers": {
                name: {key: value for key, value in numbers.items() if key != "kind"}
                for name, numbers in normalisations.items()
            },
        },
        "output": _output(target, classes),
        "networks": [f"{name}.onnx" for name in normalisations],
        "together": "the mean of what all networks say; one of them alone is what was tested on "
        "its own fold's test clips",
        "recordings_had_hz": sorted(rates),
    }


_AXES = {
    "signal": ["samples"],
    "image": ["rows, the lowest mel band first", "columns, time"],
    "stft": ["frequencies, the lowest first", "frames"],
    "log_mel": ["mel bands, the lowest first", "frames"],
    "mfcc": ["coefficients, below them their deltas", "frames"],
}


def _output(target: str | None, classes: Sequence[str]) -> dict[str, Any]:
    if target is not None:
        return {
            "name": "estimates",
            "dtype": "float32",
            "shape": ["clips"],
            "target": target,
            "words": f"an estimate of {target}, in the unit of the corpus' sheet",
        }
    return {
        "name": "probabilities",
        "dtype": "float32",
        "shape": ["clips", len(classes)],
        "labels": list(classes),
        "words": "a probability of each label, in this order; they sum to 1",
    }
