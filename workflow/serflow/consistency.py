"""What keys of the configuration ask of each other and of the clip table, before any job."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from serflow import feature_types, network_inputs, targets, user_code
from serflow.corpora.table import FIXED, MEASURED
from serflow.errors import UserError
from serflow.evaluation import baseline_names
from serflow.model_list import NETWORKS, feature_alternatives, knows_speakers
from serflow.splitting import premium

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
        *_feature_types(settings["features"], settings["models"]),
        *_own_code(settings["features"]["custom"], settings["models"]),
        *_validation(settings["protocol"], models, rows, folds),
        *_by_speaker(models, rows),
        *_augmentations(models),
        *_inputs(models),
        *_gain(models),
        *baseline_names.mistakes(models),
        *premium.mistakes(settings["protocol"], settings["models"], models, folds),
        *targets.mistakes(models, rows, FIXED + MEASURED, settings["protocol"]["random_premium"]),
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


def _feature_types(features: Settings, models: Mapping[str, Settings]) -> Iterable[str]:
    custom = features["custom"]
    for name in custom:
        if feature_types.taken(name):
            yield (
                f"`features.custom.{name}`: the name belongs to the built-in feature types "
                f"({feature_types.KNOWN}); choose another"
            )
    asked = [(f"features.types[{i}]", [name]) for i, name in enumerate(features["types"])]
    for model, settings in models.items():
        if settings["family"] == "svm":
            parts = [part.split("+") for part in feature_alternatives(settings)]
            asked += [(f"models.{model}.features", part) for part in parts]
    for key, names in asked:
        for name in names:
            if not feature_types.built_in(name) and name not in custom:
                yield (
                    f"`{key}`: there is no feature type {name}; known are "
                    f"{feature_types.known(custom)}. A type of your own is defined in "
                    "`features.custom`"
                )


def _own_code(custom: Mapping[str, Settings], models: Mapping[str, Settings]) -> Iterable[str]:
    for name, own in custom.items():
        key = f"features.custom.{name}"
        yield from user_code.mistakes(key, own["file"], "function", own["function"])
    for name, model in models.items():
        if model["family"] == "custom":
            yield from user_code.mistakes(f"models.{name}", model["file"], "class", model["class"])


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
            if model.get("patience") is not None:
                yield (
                    f"`models.{name}.patience`: the validation speakers tell when to stop, but "
                    "`protocol.validation` is 0; give it a share, or set patience to null"
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


def _by_speaker(models: Mapping[str, Settings], rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    unknown = sum(1 for row in rows if not row["speaker"])
    # An SVM's key and a network's, with what else they may be for any corpus.
    for key, other in (("scaling", "standard"), ("normalisation", "training")):
        bases = {model.get("variant_of", name): model for name, model in models.items()}
        for name, model in bases.items():
            if unknown and model.get(key) == "speaker" and knows_speakers(model):
                yield (
                    f"`models.{name}.{key}`: speaker standardises within each speaker, but "
                    f"{unknown} clips have no known speaker; tell `corpus.speaker` how to find it, "
                    f"or take {other}"
                )


def _augmentations(models: Mapping[str, Settings]) -> Iterable[str]:
    for model in models.values():
        if "augmentation" not in model:
            continue
        kind = network_inputs.kind(model)
        known = network_inputs.AUGMENTATIONS[kind]
        for part in model["augmentation"].split("+"):
            if part not in ("none", *known) and not part.startswith(network_inputs.SOUND):
                yield (
                    f"`models.{model['variant_of']}.augmentations`: {part} was given, but a "
                    f"network that reads {kind} knows {', '.join(known)} and those of the sound"
                )


def _inputs(models: Mapping[str, Settings]) -> Iterable[str]:
    # The schema knows a family's keys, but not what the input of one's own network is.
    for model in models.values():
        if model["family"] not in NETWORKS:
            continue
        name, kind = model["variant_of"], network_inputs.kind(model)
        if kind == "mfcc" and model["n_mfcc"] > model["n_mels"]:
            yield (
                f"`models.{name}.n_mfcc`: {model['n_mfcc']} was given, but there are "
                f"{model['n_mels']} mel bands (`n_mels`); lower the one or raise the other"
            )
        unfit = {"signal": ("bands",), "image": ()}.get(kind, ("rms", "offset"))
        if model.get("normalisation") in unfit:
            yield (
                f"`models.{name}.normalisation`: {model['normalisation']} was given, but {kind} "
                "knows no such; take training, clip or speaker"
            )


def _gain(models: Mapping[str, Settings]) -> Iterable[str]:
    for model in models.values():
        if (
            model.get("normalisation") == "speaker"
            and network_inputs.view(model)
            and "gain" in model["augmentation"].split("+")
        ):
            name = model["variant_of"]
            yield (
                f"`models.{name}.augmentations`: {model['augmentation']} was given, but gain adds "
                f"decibels, and `models.{name}.normalisation` speaker has turned them into "
                "standard deviations by then; take sound_gain, or another normalisation"
            )
