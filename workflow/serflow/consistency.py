"""What keys of the configuration ask of each other and of the clip table, before any job."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from serflow.errors import UserError

Settings = Mapping[str, Any]


def check(
    settings: Settings,
    models: Mapping[str, Settings],
    rows: Sequence[Mapping[str, Any]],
    folds: int,
) -> None:
    """Refuse what would fail only after the extraction.

    Parameters
    ----------
    settings
        The completed configuration.
    models
        Every model's slice, variants spelled out.
    rows
        The clip table; `speaker` is read.
    folds
        Number of folds of the protocol.

    Raises
    ------
    UserError
        One message that lists every mistake by the configuration's keys.
    """
    mistakes = [
        *_name(settings["corpus"]),
        *_bands(settings["features"], settings["spectrogram"]["n_mels"]),
        *_validation(settings["protocol"], models, rows, folds),
        *_scaling(models, rows),
    ]
    if mistakes:
        listed = "\n".join(f"  - {mistake}" for mistake in mistakes)
        raise UserError(f"the configuration cannot be used with this corpus:\n{listed}")


def _name(corpus: Settings) -> Iterable[str]:
    # Overriding the default file's adapter alone would put people's results among synthetic ones.
    if corpus["name"] == "demo" and corpus["adapter"] != "demo":
        yield (
            "`corpus.name`: demo is the demonstration corpus, whose results lie in results/demo; "
            "give your corpus a name of its own"
        )


def _bands(features: Settings, n_mels: int) -> Iterable[str]:
    bands = features["bands"]
    edges = [edge for band in bands for edge in band]
    rising = all(first <= last for first, last in bands) and all(
        before[1] < after[0] for before, after in itertools.pairwise(bands)
    )
    if not rising:
        yield (
            f"`features.bands`: {bands} was given, wanted are sub-bands [first, last] that rise "
            "and do not overlap (both ends belong to a sub-band)"
        )
    elif features["frequency"] == "band" and edges[-1] > n_mels - 1:
        yield (
            f"`features.bands`: the last sub-band ends at mel band {edges[-1]:g}, but "
            f"`spectrogram.n_mels` is {n_mels}, so the last mel band is {n_mels - 1}; lower the "
            "one or raise the other"
        )


def _validation(
    protocol: Settings,
    models: Mapping[str, Settings],
    rows: Sequence[Mapping[str, Any]],
    folds: int,
) -> Iterable[str]:
    if protocol["validation"] == 0:
        for name, model in models.items():
            if model.get("select") == "best":
                yield (
                    f"`models.{name}.select`: best chooses the epoch by the validation speakers, "
                    "but `protocol.validation` is 0; give it a share, or set select to last"
                )
        return
    speakers = len({row["speaker"] for row in rows} - {""})
    by_speaker = protocol["type"] in ("group-k-fold", "loso")
    # The largest fold tests at least so many; one training speaker cannot be divided.
    if by_speaker and speakers - -(-speakers // folds) < 2:
        yield (
            f"`protocol.validation`: {protocol['validation']:g} of the training speakers was "
            f"given, but with {speakers} speakers in {folds} folds some fold trains on one "
            "speaker only; set it to 0, or add speakers"
        )


def _scaling(models: Mapping[str, Settings], rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    unknown = sum(1 for row in rows if not row["speaker"])
    for name, model in models.items():
        if unknown and model.get("scaling") == "speaker":
            yield (
                f"`models.{name}.scaling`: speaker standardises within each speaker, but {unknown} "
                "clips have no known speaker; tell `corpus.speaker` how to find it, or take "
                "standard"
            )
