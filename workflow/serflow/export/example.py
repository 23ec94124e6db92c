"""A short Python program from a WAV to what the exported networks say, without SERflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BEGIN = """import json

{imports}

with open("preprocessing.json", encoding="utf-8") as file:
    about = json.load(file)
step = {{one["step"]: one for one in about["steps"]}}


def network_input(wav):
    samples, rate = soundfile.read(wav, dtype="float32", always_2d=True)
    signal = step["read"]["full_scale"] * samples.mean(axis=1)
"""
_SIGNAL = """\
    wanted = step["resample"]["rate"]
    if rate != wanted:
        signal = soxr.resample(signal, rate, wanted, quality="HQ")
    clip = np.zeros(step["fit"]["samples"], np.float32)
    clip[: len(signal)] = signal[: len(clip)]
"""
_IMAGE = """\
    n_fft, hop = step["mel"]["n_fft"], int(rate * step["mel"]["hop_seconds"])
    magnitude = np.abs(librosa.stft(signal, n_fft=n_fft, hop_length=hop))
    filters = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=step["mel"]["n_mels"])
    mel = filters @ magnitude ** step["mel"]["power"]
    mel = librosa.util.fix_length(mel, size=step["fit"]["frames"], axis=1)
    logarithm = np.log(mel + np.float32(step["stretch"]["log_offset"]))
    height = max(np.ptp(logarithm), np.finfo(np.float32).tiny)
    grey = (step["stretch"]["levels"] * ((logarithm - logarithm.min()) / height)).astype(np.uint8)
    size = step["resize"]["width"], step["resize"]["height"]
    image = Image.fromarray(grey).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image, np.float32)
"""
_STFT = """\
    spectrum = librosa.stft(
        clip, n_fft=step["stft"]["n_fft"], hop_length=step["stft"]["hop_length"]
    )
    decibels = librosa.power_to_db(
        np.abs(spectrum) ** 2,
        ref=np.max,
        amin=step["decibels"]["floor"],
        top_db=step["decibels"]["below_loudest"],
    )
    return decibels.astype(np.float16).astype(np.float32)
"""
_BANDS = """\
    power = librosa.feature.melspectrogram(
        y=clip / step["scale"]["divisor"],
        sr=wanted,
        n_fft=step["mel"]["n_fft"],
        hop_length=step["mel"]["hop_length"],
        n_mels=step["mel"]["n_mels"],
    )
    decibels = librosa.power_to_db(power, amin=step["decibels"]["floor"], top_db=None)
"""
_HALF = """\
    return decibels.astype(np.float16).astype(np.float32)
"""
_COEFFICIENTS = """\
    coefficients = scipy.fft.dct(decibels, axis=0, norm="ortho")[: step["cosines"]["n_mfcc"]]
    frames = coefficients.shape[1]
    window = min(step["deltas"]["frames"], frames - 1 + frames % 2)
    slopes = librosa.feature.delta(coefficients, width=window)
    return np.concatenate([coefficients, slopes]).astype(np.float32)
"""
_WITHIN_SPEAKER = """

# All recordings of one speaker: each value's mean and deviation come from them.
clips = np.stack([network_input(wav) for wav in ("mine_1.wav", "mine_2.wav", "mine_3.wav")])
axes = (0, 2) if clips.ndim == 3 else None
deviation = clips.std(axis=axes, keepdims=True, dtype=np.float64)
deviation = np.maximum(deviation, step["standardise_by_speaker"]["smallest_deviation"])
clips = (clips - clips.mean(axis=axes, keepdims=True, dtype=np.float64)) / deviation
clips = clips.astype(np.float32)
"""
_ONE = """

clips = np.stack([network_input("my.wav")])
"""
_ASK = """\
said = [
    onnxruntime.InferenceSession(network).run(None, {"clips": clips})[0]
    for network in about["networks"]
]
"""
_LABELS = """\
for probabilities in np.mean(said, axis=0):
    for label, probability in zip(about["output"]["labels"], probabilities):
        print(f"{label} {probability:.3f}")
"""
_NUMBERS = """\
print(about["output"]["target"], np.mean(said, axis=0))
"""
_PARTS = {
    "signal": ("numpy soundfile soxr", [_SIGNAL, "    return clip\n"]),
    "image": ("librosa numpy soundfile PIL", [_IMAGE]),
    "stft": ("librosa numpy soundfile soxr", [_SIGNAL, _STFT]),
    "log_mel": ("librosa numpy soundfile soxr", [_SIGNAL, _BANDS, _HALF]),
    "mfcc": ("librosa numpy scipy soundfile soxr", [_SIGNAL, _BANDS, _COEFFICIENTS]),
}
_IMPORTS = {"numpy": "import numpy as np", "PIL": "from PIL import Image", "scipy": "import scipy"}


def packages(preprocessing: Mapping[str, Any]) -> list[str]:
    """Return what has to be installed for `program`, as ``pip install`` takes it."""
    names = _PARTS[preprocessing["input"]["kind"]][0].split()
    return [{"PIL": "pillow"}.get(name, name) for name in [*names, "onnxruntime"]]


def program(preprocessing: Mapping[str, Any]) -> str:
    """Return the program, to be run in the folder of ``preprocessing.json``.

    Parameters
    ----------
    preprocessing
        What `serflow.export.preprocessing.describe` gives.
    """
    names, parts = _PARTS[preprocessing["input"]["kind"]]
    lines = [_IMPORTS.get(name, f"import {name}") for name in [*names.split(), "onnxruntime"]]
    # As every formatter sorts them: `import …` first, by name.
    lines.sort(key=lambda line: (line.startswith("from"), line.split()[1].lower()))
    speaker = not preprocessing["normalisation"]["inside_onnx"]
    return "".join(
        [
            _BEGIN.format(imports="\n".join(lines)),
            *parts,
            _WITHIN_SPEAKER if speaker else _ONE,
            _ASK,
            _LABELS if "labels" in preprocessing["output"] else _NUMBERS,
        ]
    )
