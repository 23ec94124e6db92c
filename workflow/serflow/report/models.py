"""Section with an entry for each model: what it is, what it reached, and where its pictures are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serflow import numbers
from serflow.report import blocks, text
from serflow.report.blocks import Block, paragraph, section
from serflow.report.material import SVM, Material, Rows

PICTURES = ("curves", "confusion", "augmentation", "label_shares", "gan_samples")
"""Kinds of figures that belong to one model."""
OPTIMIZERS = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}


def sections(material: Material) -> list[Block]:
    """Return the section."""
    entries = [_entry(material, row["model"]) for row in material.ranked]
    shown = [
        paragraph(
            "Every model of this report, the highest UAR first. All settings stand in the "
            "configuration at the end; results by label, speaker and fold in the sections that "
            "follow."
        ),
        blocks.models(entries),
    ]
    return [section("each-model", "The models, one by one", shown)]


def _entry(material: Material, model: str) -> Block:
    row = material.row[model]
    interval = numbers.interval(row["uar_low"], row["uar_high"])
    facts = [
        ("UAR", f"{numbers.score(row['uar'])} {interval}".rstrip()),
        ("Recall by label", _extremes(material.of("per_class", model), "label", "recall")),
        ("UAR by speaker", _extremes(material.of("per_speaker", model), "speaker", "uar")),
        ("Cost", _cost(material, model)),
    ]
    return {
        "name": model,
        "colour": material.colours.get(model, ""),
        "what": what(material, model),
        "facts": [{"term": term, "text": told} for term, told in facts if told],
        "pictures": [f"{kind}/{model}" for kind in PICTURES],
    }


def what(material: Material, model: str) -> str:
    """Return what a model is, in words: ``2D CNN on image 150x50; 40 epochs, …``."""
    settings = material.settings[model]
    told = _svm(settings) if settings["family"] == SVM else _training(settings)
    name = f"{text.family(settings['family'])} on {material.input(model)}"
    return f"{name}; {told}" if told else name


def _svm(settings: Mapping[str, Any]) -> str:
    def told(key: str) -> str:
        given = settings.get(key)
        if isinstance(given, list):
            alternatives = text.joined(map(_plain, given), "or")
            return f"{alternatives}, chosen on the training speakers"
        return _plain(given)

    parts = []
    if settings.get("C") is not None:
        parts.append(f"C\u00a0{told('C')}")
    if settings.get("kernel") is not None:
        parts.append(f"kernel {told('kernel')}")
    return ", ".join(parts)


def _training(settings: Mapping[str, Any]) -> str:
    """Return how a network is trained: the settings that most hangs on."""
    parts = []
    if settings.get("epochs"):
        parts.append(text.counted(settings["epochs"], "epoch"))
    if settings.get("batch_size"):
        parts.append(f"batches of {numbers.count(settings['batch_size'])}")
    if settings.get("optimizer"):
        name = OPTIMIZERS.get(settings["optimizer"], settings["optimizer"])
        rate = settings.get("learning_rate")
        parts.append(f"{name} at {rate:g}" if rate else name)
    if settings.get("augmentation", "none") != "none":
        parts.append(f"augmented by {text.augmentation(settings['augmentation'])}")
    if settings.get("members", 1) > 1:
        parts.append(f"mean of {settings['members']} networks")
    if settings.get("select") == "best":
        parts.append("the best epoch of the validation set kept")
    if settings.get("refit"):
        parts.append("trained once more with the validation clips (refit)")
    return ", ".join(parts)


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def _extremes(rows: Rows, column: str, score: str) -> str:
    """Return the lowest and the highest score with whose they are."""
    found = sorted(
        (numbers.value(row[score]), row[column]) for row in rows if row.get(score, "") != ""
    )
    if not found:
        return ""
    (low, lowest), (high, highest) = found[0], found[-1]
    if low == high:
        return numbers.score(low)
    return f"{numbers.score(low)} ({lowest}) to {numbers.score(high)} ({highest})"


def _cost(material: Material, model: str) -> str:
    row = material.row[model]
    parts = []
    if row["parameters"] != "":
        parts.append(f"{numbers.count(row['parameters'])} parameters")
    if row["train_seconds"] != "":
        parts.append(f"{numbers.plain(row['train_seconds'])} s to train a fold and seed")
    if row["predict_ms_per_clip"] != "":
        parts.append(f"{numbers.plain(row['predict_ms_per_clip'])} ms a clip")
    return ", ".join(parts)
