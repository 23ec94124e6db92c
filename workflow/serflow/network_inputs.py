"""What each family of networks reads, and in which folder its arrays lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Settings = Mapping[str, Any]

KINDS = {
    "mlp_wave": "signal",
    "cnn1d": "signal",
    "very_deep": "signal",
    "ser1d": "signal",
    "conflictnet": "signal",
    "cnn2d": "image",
    "gan_cnn2d": "image",
    "cnn_stft": "stft",
    "cnn_mel": "log_mel",
    "crnn": "log_mel",
}
"""Family → kind of input. A family that is not here names the kind in its key `input`."""

MODULES = {
    "mlp_wave": "networks/mlp_wave.py",
    "cnn1d": "networks/cnn1d.py",
    "very_deep": "networks/very_deep.py",
    "ser1d": "networks/ser1d.py",
    "conflictnet": "networks/conflictnet.py",
    "cnn2d": "networks/cnn2d.py",
    "gan_cnn2d": "networks/gan.py",
    "cnn_stft": "networks/cnn_stft.py",
    "cnn_mel": "networks/cnn2d.py",
    "crnn": "networks/crnn.py",
    "lstm": "networks/recurrent.py",
    "gru": "networks/recurrent.py",
    "custom": "networks/custom.py",
}
"""Family → the library's file that defines it; an edit to it is no concern of the others."""

VIEW_KEYS = {
    "stft": ("rate", "n_fft", "hop_length"),
    "log_mel": ("rate", "n_fft", "hop_seconds", "n_mels"),
    "mfcc": ("rate", "n_fft", "hop_seconds", "n_mels", "n_mfcc"),
}
"""Kind of spectrogram that is made of the signals → the keys of a model that it depends on."""

SOUND = "sound_"
"""What the names begin with of augmentations that are applied to the sound itself."""


_FRAMES = ("time_shift", "time_mask")
_BANDS = (*_FRAMES, "frequency_mask", "masks", "gain")
AUGMENTATIONS = {
    "signal": ("time_shift", "gain", "noise"),
    "image": (
        *("crop", "horizontal_flip", "vertical_flip", "rotation"),
        *("time_shift", "time_mask", "frequency_mask", "masks", "noise"),
    ),
    "stft": _BANDS,
    "log_mel": _BANDS,
    "mfcc": _FRAMES,
}
"""Kind of input → the augmentations that training batches of it know."""


def kind(settings: Settings) -> str:
    """Return the kind of input of a network: ``signal``, ``image``, or a key of `VIEW_KEYS`."""
    known = KINDS.get(settings["family"])
    return settings["input"] if known is None else known


def normalisation(settings: Settings) -> str:
    """Return how a network's input is normalised; images have one way, whatever the key says."""
    return "image" if kind(settings) == "image" else settings["normalisation"]


def view(settings: Settings) -> dict[str, Any] | None:
    """Return what a network's spectrograms depend on, with their `kind`; ``None`` for others."""
    what = kind(settings)
    if what not in VIEW_KEYS:
        return None
    return {"kind": what, **{key: settings[key] for key in VIEW_KEYS[what]}}


def folder(settings: Settings) -> str:
    """Return the folder of a network's arrays, below a corpus' results.

    Networks that read the same numbers share it: ``signals/16000``, ``pixels/150x50``,
    ``views/log_mel_16000_1024_0.01_64``.
    """
    what = kind(settings)
    if what == "signal":
        return f"signals/{settings['rate'] or 'native'}"
    if what == "image":
        height, width = settings["size"]
        return f"pixels/{height}x{width}"
    return "views/" + "_".join(str(value) for value in (view(settings) or {}).values())


def sound(augmentation: str) -> str:
    """Return what an augmentation does to the sound; empty where the sound stays as it is.

    Of ``sound_gain+masks+sound_noise`` it is ``gain+noise``.
    """
    parts = augmentation.split("+")
    return "+".join(part.removeprefix(SOUND) for part in parts if part.startswith(SOUND))


def copy_folders(settings: Settings) -> list[str]:
    """Return the folders of a network's changed copies, beside the one of its arrays.

    ``signals/16000~gain+noise.0`` and so on, one a copy; none where the sound stays as it is.
    """
    done = sound(settings["augmentation"])
    copies = settings["copies"] if done else 0
    return [f"{folder(settings)}~{done}.{copy}" for copy in range(copies)]


def others(family: str) -> tuple[str, ...]:
    """Return the files of the networks that a family does not use, sorted."""
    return tuple(sorted(set(MODULES.values()) - {MODULES[family]}))


def describe(settings: Settings) -> str:
    """Say in words what a network reads, for tables: ``signal 16000 Hz``, ``image 150x50``."""
    what = kind(settings)
    if what == "signal":
        return "signal" if settings["rate"] is None else f"signal {settings['rate']} Hz"
    if what == "image":
        return "image {}x{}".format(*settings["size"])
    names = {
        "stft": "STFT dB, {n_fft} at {rate} Hz",
        "log_mel": "log-mel, {n_mels} bands at {rate} Hz",
        "mfcc": "frames of {n_mfcc} MFCC and deltas",
    }
    return names[what].format_map(settings)
