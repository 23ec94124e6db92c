"""How names and lists are written in the report, and what keeps them printable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from serflow import feature_types
from serflow.characters import cleaned
from serflow.numbers import UNKNOWN, count

_FEATURES = {
    "sc": "spectral centroid (SC)",
    "sbw": "spectral bandwidth (SBW)",
    "sbe": "spectral band energy (SBE)",
}
_FAMILIES = {
    "svm": "SVM",
    "mlp_wave": "MLP",
    "cnn1d": "1D\u00a0CNN",
    "very_deep": "deep 1D\u00a0CNN",
    "ser1d": "1D-SER",
    "conflictnet": "ConflictNET",
    "cnn2d": "2D\u00a0CNN",
    "gan_cnn2d": "GAN, 2D\u00a0CNN",
    "cnn_stft": "STFT\u00a0CNN",
    "cnn_mel": "mel\u00a0CNN",
    "crnn": "CRNN",
    "lstm": "LSTM",
    "gru": "GRU",
}


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: ``1 speaker``, ``12 speakers``."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def joined(items: Iterable[str], last: str = "and") -> str:
    """Write a list as prose: ``a``, ``a and b``, ``a, b and c``."""
    *head, tail = list(items) or [UNKNOWN]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def feature(name: str) -> str:
    """Write a feature type in words: ``spectral centroid (SC)`` for ``sc``, ``12 MFCCs``."""
    stored, number = feature_types.array(name)
    if number is not None:
        return f"statistics of {number} MFCCs" if stored == "statistics" else f"{number} MFCCs"
    return _FEATURES.get(name, name)


def family(name: str) -> str:
    """Write a model's family: ``cnn1d`` is ``1D CNN``, not to be broken; others as they are."""
    return _FAMILIES.get(name, name)


def augmentation(name: str) -> str:
    """Write an augmentation in words: ``time_shift+noise`` is ``time shift + noise``."""
    return " + ".join(part.replace("_", " ") for part in name.split("+"))


def outline(mapping: Mapping[str, Any], indent: int = 0) -> str:
    """Write a nested configuration as indented lines, close to YAML and in its own order."""
    lines = []
    for key, item in mapping.items():
        margin = "  " * indent
        if isinstance(item, Mapping) and item:
            lines += [f"{margin}{key}:", outline(item, indent + 1)]
        else:
            told = item if isinstance(item, str) and item else json.dumps(item, ensure_ascii=False)
            lines.append(f"{margin}{key}: {told}")
    return "\n".join(lines)


def printable(content: Any) -> Any:
    """Return `content` with its strings as `serflow.characters.cleaned` gives them.

    The strings of nested dicts and lists are cleaned, everything else is returned as it is.
    """
    if isinstance(content, str):
        return cleaned(content)
    if isinstance(content, Mapping):
        return {printable(key): printable(item) for key, item in content.items()}
    if isinstance(content, list | tuple):
        return [printable(item) for item in content]
    return content
