"""The list of models: named slices of the configuration, with variants spelled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from serflow.errors import UserError
from serflow.network_inputs import sound

FAMILIES = (
    "svm",
    "mlp_wave",
    "cnn1d",
    "very_deep",
    "ser1d",
    "conflictnet",
    "cnn2d",
    "gan_cnn2d",
    "cnn_stft",
    "cnn_mel",
    "crnn",
    "lstm",
    "gru",
    "custom",
)
"""Families in the order in which tables show their models."""
NETWORKS = FAMILIES[1:]


def expand(models: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return every model by name with its slice.

    A network's list `augmentations` becomes one model an entry: ``none`` keeps the name,
    ``time_mask`` of ``cnn2d`` becomes ``cnn2d_time_mask``; its slice has `augmentation` (one entry)
    and `variant_of` (the base's name). Only one whose sound is changed keeps `copies`.

    The order is that of the families, then of the names: the order of the keys in the file, which
    `--config` changes too, has no say in any table, and costs no rerun.

    Raises
    ------
    UserError
        If two models end up with the same name.
    """
    expanded: dict[str, dict[str, Any]] = {}
    for name, settings in models.items():
        if settings["family"] not in NETWORKS:
            variants = {name: dict(settings)}
        else:
            variants = {
                name if entry == "none" else f"{name}_{entry}": _variant(name, settings, entry)
                for entry in settings["augmentations"]
            }
        for variant, slice_ in variants.items():
            if variant in expanded:
                raise UserError(
                    f"`models`: two models are called {variant} (an augmentation adds its name to "
                    "the model's); rename one of them"
                )
            expanded[variant] = slice_
    return dict(sorted(expanded.items(), key=_place))


def _variant(name: str, settings: Mapping[str, Any], augmentation: str) -> dict[str, Any]:
    """Return the slice of one entry of a network's `augmentations`."""
    left = {"augmentations"} if sound(augmentation) else {"augmentations", "copies"}
    kept = {key: value for key, value in settings.items() if key not in left}
    return {**kept, "augmentation": augmentation, "variant_of": name}


def _place(item: tuple[str, Mapping[str, Any]]) -> tuple[int, str, str]:
    """Return a model's place: variants stand behind what they are variants of."""
    name, settings = item
    return FAMILIES.index(settings["family"]), settings.get("variant_of", name), name


def knows_speakers(settings: Mapping[str, Any]) -> bool:
    """Tell whether a model uses several clips of the test speaker, without labels."""
    chosen = settings.get("scaling"), settings.get("normalisation")
    # Images have a normalisation of their own, whatever the key of one's own network says.
    return "speaker" in chosen and settings.get("input") != "image"


def comparable(slices: Mapping[str, Mapping[str, Any]], models: Sequence[str]) -> list[str]:
    """Return the SVMs whose feature types can be compared: those that are scaled alike.

    Whether features are standardised within each speaker may matter more than what they are, so
    models that are stand back where each type has another model.
    """
    plain = [model for model in models if not knows_speakers(slices[model])]
    types = {slices[model]["features"] for model in models}
    return plain if {slices[model]["features"] for model in plain} == types else list(models)


def feature_alternatives(settings: Mapping[str, Any]) -> list[str]:
    """Return the alternatives of an SVM's `features`, each a type or several joined by ``+``."""
    features = settings["features"]
    return [features] if isinstance(features, str) else list(features)


def feature_types(models: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the feature types that `models` read, sorted."""
    return sorted(
        {
            kind
            for settings in models
            if settings["family"] == "svm"
            for alternative in feature_alternatives(settings)
            for kind in alternative.split("+")
        }
    )
