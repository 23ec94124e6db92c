"""Sections (a) to (h), as the laboratory sheet asks for them."""

from __future__ import annotations

import math

from serflow import numbers
from serflow.figures.effects import effects
from serflow.report import text
from serflow.report.blocks import Block, Line, cell, figures, paragraph, section, sentences, table
from serflow.report.material import Material
from serflow.report.summary import models_table

SPECTRAL = ("sc", "sbw", "sbe")
FEW_LABELS = 6
ABSENT = "No model of this kind was configured."


def sections(material: Material) -> list[Block]:
    """Return the sections in the sheet's order."""
    return [
        _spectrograms(material),
        _features(material),
        _curves(material, "cnn1d", "c"),
        _network(material, "cnn1d", "d"),
        _images(material),
        _curves(material, "cnn2d", "f"),
        _network(material, "cnn2d", "g"),
        _augmentation(material),
    ]


def _spectrograms(material: Material) -> Block:
    shown = figures(
        [
            (
                "spectrograms",
                "Mel spectrograms of one training and one test clip per label, as power in "
                "decibels on one scale of colours. Zero padding at a clip's end is drawn as "
                "silence.",
                f"Mel spectrograms for {text.joined(material.labels)}: training clips above, test "
                "clips below.",
            )
        ],
        material.figures,
    )
    shown = shown or [paragraph("This figure was not made.")]
    return section("spectrograms", "Mel spectrograms of training and test clips", shown, "a")


def _features(material: Material) -> Block:
    title = "SVMs: accuracy and confusion matrix by feature type"
    svms = material.models("svm")
    if not svms:
        return section("features", title, [paragraph(ABSENT)], "b")
    shown = [
        *_said(material, "features:"),
        paragraph(_best_type(material, svms)),
        models_table(material, svms, "Accuracy and UAR by feature type, the highest UAR first."),
        *confusions(material, svms),
    ]
    return section("features", title, shown, "b")


def _best_type(material: Material, svms: list[str]) -> str:
    spectral = [model for model in svms if material.row[model]["features"] in SPECTRAL]
    if not spectral:
        return "No SVM uses a single spectral feature type."
    best, worst = spectral[0], spectral[-1]
    told = f"The best spectral feature type by UAR is {_type(material, best)}."
    # Of equals `max` takes the first, which has the higher UAR.
    accurate = max(spectral, key=lambda model: numbers.value(material.row[model]["accuracy"]))
    if accurate != best:
        told += f" By accuracy it is {_type(material, accurate)}."
    if len(spectral) > 1:
        told += f" The lowest UAR is that of {_type(material, worst)}."
    return told


def _type(material: Material, model: str) -> str:
    row = material.row[model]
    interval = numbers.interval(row["uar_low"], row["uar_high"])
    scores = (
        f"accuracy {numbers.score(row['accuracy'])}, UAR {numbers.score(row['uar'])} {interval}"
    )
    return f"{text.feature(row['features'])}, model {model} ({scores.rstrip()})"


def _curves(material: Material, family: str, letter: str) -> Block:
    name = text.family(family)
    models = material.models(family)
    shown = learning_curves(material, models) if models else [paragraph(ABSENT)]
    return section(f"{family}-curves", f"Learning curve of the {name}", shown, letter)


def _network(material: Material, family: str, letter: str) -> Block:
    name = text.family(family)
    models = material.models(family)
    title = f"Accuracy and confusion matrix of the {name}"
    if not models:
        return section(f"{family}-results", title, [paragraph(ABSENT)], letter)
    shown = [
        *_said(material, *(f"network:{model}:" for model in models)),
        models_table(material, models, f"Results of the {name}."),
        *confusions(material, models),
    ]
    return section(f"{family}-results", title, shown, letter)


def _images(material: Material) -> Block:
    shown = figures(
        [
            (
                "images",
                "The images that the 2D CNN sees, one training and one test clip per label, drawn "
                "as they are stored: row 0, the lowest mel band, lies at the top. Each clip is "
                "stretched to 0 … 255 by its own minimum and maximum, so its loudness is not in "
                "the picture.",
                f"Grey-scale images for {text.joined(material.labels)}: training clips above, "
                "test clips below.",
            )
        ],
        material.figures,
    )
    return section(
        "images", "Spectrogram images that the 2D CNN sees", shown or [paragraph(ABSENT)], "e"
    )


def _augmentation(material: Material) -> Block:
    bases = sorted(set(material.variants.values()) & set(material.row))
    shown: list[Block] = []
    for base in bases:
        shown += _said(material, f"opinion:{base}")
        shown += _effects(material, base)
    if not shown:
        shown = [paragraph("No augmentation was tried, so there is nothing to conclude.")]
    return section("augmentation", "Should spectrograms be augmented?", shown, "h")


def _effects(material: Material, base: str) -> list[Block]:
    variants = {
        name: material.settings[name] for name, of in material.variants.items() if of == base
    }
    found = effects(material.tables["comparisons"], base, list(variants))
    if not found:
        return []
    name = {
        model: text.augmentation(settings["augmentation"]) for model, settings in variants.items()
    }
    rows: list[Line] = [
        [
            cell(name[effect.model], colour=material.colours.get(effect.model, "")),
            numbers.score(material.row[effect.model]["uar"]),
            cell(numbers.difference(effect.difference), strong=effect.sure),
            numbers.interval(effect.low, effect.high, signed=True),
            numbers.p_value(effect.p_holm),
        ]
        for effect in found
    ]
    told = "; ".join(
        f"{name[effect.model]} {numbers.difference(effect.difference)}" for effect in found
    )
    return [
        *figures(
            [
                (
                    f"augmentation/{base}",
                    f"Change of the UAR of {base} by each augmentation, over the same folds and "
                    f"seeds, with {material.level} intervals over {material.unit}. A filled dot: "
                    "the difference passes the test after Holm's correction over all comparisons "
                    "of the report.",
                    f"Differences in UAR from {base} without augmentation: {told}.",
                )
            ],
            material.figures,
        ),
        table(
            f"Effect of each augmentation on {base} (UAR without any: "
            f"{numbers.score(material.row[base]['uar'])}).",
            ["Augmentation", "UAR", "Difference", f"{material.level} interval", "p (Holm)"],
            rows,
            source="evaluation/comparisons.tsv",
        ),
        *_said(material, *(f"augmentation:{model}" for model in variants)),
    ]


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
        if material.settings[model].get("select") == "best":
            caption += " Dots: the epoch whose weights were kept, chosen by the validation set."
        items.append(
            (f"curves/{model}", caption, f"Loss and accuracy of {model} against the epoch.")
        )
    return figures(items, material.figures)


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


def _said(material: Material, *topics: str) -> list[Block]:
    found = material.said(*topics)
    return [sentences(found)] if found else []
