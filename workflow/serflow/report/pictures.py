"""Learning curves and confusion matrices, with captions that say whose they are."""

from __future__ import annotations

import math

from serflow import numbers
from serflow.report import text
from serflow.report.blocks import Block, figures
from serflow.report.material import Material

FEW_LABELS = 6


def variants(material: Material) -> list[Block]:
    """Return learning curves and confusion matrices of all augmentation variants."""
    standing = set(material.networks.values())
    models = [
        row["model"]
        for row in material.ranked
        if row["model"] in material.variants and row["model"] not in standing
    ]
    return [*learning_curves(material, models), *confusions(material, models)]


def learning_curves(material: Material, models: list[str]) -> list[Block]:
    """Return the learning curves of some models."""
    items = []
    for model in models:
        row = material.row[model]
        runs = text.counted(int(row["folds"]) * int(row["seeds"]), "run")
        caption = (
            f"Learning curves of {model}: thin lines are single folds and seeds ({runs}), "
            "thick lines their mean."
        )
        caption += kept_told(material, model)
        items.append(
            (f"curves/{model}", caption, f"Loss and accuracy of {model} against the epoch.")
        )
    return figures(items, material.figures)


def kept_told(material: Material, model: str) -> str:
    """Return which epoch of a learning curve counts, and whose network's curve it is."""
    best = material.settings[model].get("select") == "best"
    if not material.refitted(model):
        kept = "the epoch whose weights were kept, chosen by the validation set"
        return f" Dots: {kept}." if best else ""
    until = "up to the epoch of the dot" if best else "for as many epochs"
    dots = " Dots: the epoch that the validation set chose." if best else ""
    return (
        f"{dots} The curves are of the first network, trained without the validation clips; the "
        "scores are of a second one, trained on training and validation clips together "
        f"{until} (refit)."
    )


def confusions(material: Material, models: list[str]) -> list[Block]:
    """Return the confusion matrices of some models, side by side if they are small."""
    items = []
    for model in models:
        seeds = int(material.row[model]["seeds"])
        mean = ", mean over seeds" if seeds > 1 else ""
        caption = f"Confusion matrix of {model}: share of each true label's clips (counts{mean})."
        items.append((f"confusion/{model}", caption, _confusion_told(material, model)))
    # A large matrix at half the width could not be read.
    return figures(items, material.figures, across=2 if len(material.labels) <= FEW_LABELS else 1)


def _confusion_told(material: Material, model: str) -> str:
    told = []
    for row in material.of("per_class", model):
        if not math.isnan(numbers.value(row["recall"])):
            told.append(f"{row['label']} {numbers.percent(row['recall'])}")
    return f"Confusion matrix of {model}. Recognised correctly: {', '.join(told)}."
