"""What is known about a corpus beside its recordings: licence, citation, address.

Only the standard library is imported, because the rules ask for `KEYS` while they are parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

KEYS = ("licence", "citation")
"""Keys of the block `corpus` that say something of the recordings and change none of them."""


@dataclass(frozen=True)
class About:
    """What is known about a corpus; an empty text where nothing is.

    Attributes
    ----------
    name
        As its publishers call it, or as the configuration does.
    licence
        Of the recordings: ``CC BY-NC-SA 4.0``.
    citation
        How the recordings are to be cited: a reference in words, or a BibTeX entry.
    address
        Where they are published.
    synthetic
        Whether a synthesizer made them, and no person speaks in them.
    """

    name: str
    licence: str = ""
    citation: str = ""
    address: str = ""
    synthetic: bool = False


RAVDESS = About(
    name="RAVDESS",
    licence="CC BY-NC-SA 4.0",
    citation=(
        "Livingstone S. R., Russo F. A. (2018): The Ryerson Audio-Visual Database of Emotional "
        "Speech and Song (RAVDESS): A dynamic, multimodal set of facial and vocal expressions in "
        "North American English. PLoS ONE 13(5): e0196391. doi:10.1371/journal.pone.0196391. "
        "Recordings: Zenodo, doi:10.5281/zenodo.1188976"
    ),
    address="https://doi.org/10.5281/zenodo.1188976",
)
DEMO = About(
    name="SERflow's demonstration corpus",
    licence="none needed; eSpeak NG made these recordings here, and its licence (GPL-3) is of the "
    "program, not of what it says",
    citation="Synthesized by SERflow with eSpeak NG (https://github.com/espeak-ng/espeak-ng); "
    "no person was recorded",
    address="https://github.com/espeak-ng/espeak-ng",
    synthetic=True,
)


def about(corpus: Mapping[str, Any]) -> About:
    """Return what is known about a corpus.

    Parameters
    ----------
    corpus
        The configuration's block of that name. Its `licence` and `citation` win over what is known
        of its adapter.
    """
    known = {"ravdess": RAVDESS, "demo": DEMO}.get(corpus["adapter"], About(name=corpus["name"]))
    given: dict[str, Any] = {key: corpus[key] for key in KEYS if corpus.get(key)}
    return replace(known, **given)
