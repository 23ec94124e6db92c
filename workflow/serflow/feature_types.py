"""The types of handcrafted features: which names there are, and which files each is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

SPECTRAL = ("sc", "sbw", "sbe")
MOST_COEFFICIENTS = 40
"""MFCC kept of each clip: as many as a feature type ``mfcc<N>`` or ``mfcc<N>stats`` can ask for."""

PATTERN = "sc|sbw|sbe|mfcc([1-9]|[123][0-9]|40)(stats)?"
"""Regular expression of the built-in types' names."""
KNOWN = "sc, sbw, sbe, mfcc<N>, mfcc<N>stats (N from 1 to 40)"
"""The same for people."""

_CEPSTRAL = re.compile("mfcc([0-9]+)(stats)?")


def built_in(name: str) -> bool:
    """Return whether a feature type is the library's own."""
    return re.fullmatch(PATTERN, name) is not None


def taken(name: str) -> bool:
    """Return whether a name cannot be given to a type of one's own.

    Letter case does not tell names apart, because it does not tell files apart everywhere; nor is
    ``mfcc99``, which only looks like a built-in type, free.
    """
    lower = name.lower()
    return lower in SPECTRAL or _CEPSTRAL.fullmatch(lower) is not None


def known(custom: Iterable[str]) -> str:
    """Say which types there are, the user's own behind the built-in ones."""
    return ", ".join([KNOWN, *sorted(custom)])


def array(name: str) -> tuple[str, int | None]:
    """Return the array of a type in its shards' files, and how many of its rows: ``("mfcc", 12)``.

    The array of a user's own type is called ``values``.
    """
    if name in SPECTRAL:
        return name, None
    cepstral = _CEPSTRAL.fullmatch(name)
    if cepstral is None:
        return "values", None
    return "statistics" if cepstral[2] else "mfcc", int(cepstral[1])


def shard_file(name: str) -> str:
    """Return the file of a type in its shards' folders, ``bands.npz``."""
    kept = {"mfcc": "cepstra.npz", "statistics": "cepstral_statistics.npz"}
    stored, _ = array(name)
    return f"custom/{name}.npz" if stored == "values" else kept.get(stored, "bands.npz")


def rules(name: str) -> tuple[str, ...]:
    """Return the names of the rules that make a type's shards, in order."""
    if name in SPECTRAL:
        return "spectrograms", "band_features"
    stored, _ = array(name)
    if stored == "values":
        return ("custom_features",)
    return ("cepstra",) if stored == "mfcc" else ("cepstra", "cepstral_statistics")


def unlike(
    where: str, before: str, shape: tuple[int, ...], clip: str, other: tuple[int, ...]
) -> str:
    """Say that the features of two clips are of different shapes."""
    return (
        f"{where} gave shape {shape} for clip {before}, but {other} for clip {clip}; wanted is "
        "one shape for all clips: cut or pad the clip first, or give statistics"
    )
