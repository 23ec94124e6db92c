"""Sections (a) to (h), as the laboratory sheet asks for them."""

from __future__ import annotations

from serflow import numbers
from serflow.figures.effects import effects
from serflow.model_list import comparable
from serflow.report import text
from serflow.report.blocks import Block, Line, cell, figures, paragraph, section, sentences, table
from serflow.report.cells import named
from serflow.report.further import further_networks
from serflow.report.material import Material
from serflow.report.pictures import confusions, learning_curves
from serflow.report.summary import models_table
from serflow.report.training import refit_told, speaker_scaling_told, stand_ins_told

SHEET_FAMILIES = ("cnn1d", "cnn2d")
"""The networks of sections (c), (d), (f) and (g); others have a section of their own behind (h)."""
SPECTRAL = ("sc", "sbw", "sbe")
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
        *further_networks(material, SHEET_FAMILIES),
    ]


def clip_sections(material: Material) -> list[Block]:
    """Return the sections on the clips alone, where no model recognises labels."""
    return [_spectrograms(material), _images(material)]


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
        *speaker_scaling_told(material),
        models_table(material, svms, "Accuracy and UAR by feature type, the highest UAR first."),
        *confusions(material, svms),
    ]
    return section("features", title, shown, "b")


def _best_type(material: Material, svms: list[str]) -> str:
    spectral = [model for model in svms if material.settings[model]["features"] in SPECTRAL]
    spectral = comparable(material.settings, spectral)
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
    accuracy, uar = numbers.score(row["accuracy"]), numbers.score(row["uar"])
    scores = f"accuracy {accuracy}, UAR {uar} {interval}".rstrip()
    if material.knows_speakers(model):
        scores = f"standardised per speaker, {scores}"
    return f"{text.feature(material.settings[model]['features'])}, model {model} ({scores})"


def _curves(material: Material, family: str, letter: str) -> Block:
    name = text.family(family)
    models = material.models(family)
    shown = [*stand_ins_told(material, models), *learning_curves(material, models)]
    shown = shown if models else [paragraph(ABSENT)]
    return section(f"{family}-curves", f"Learning curve of the {name}", shown, letter)


def _network(material: Material, family: str, letter: str) -> Block:
    name = text.family(family)
    models = material.models(family)
    title = f"Accuracy and confusion matrix of the {name}"
    if not models:
        return section(f"{family}-results", title, [paragraph(ABSENT)], letter)
    shown = [
        *stand_ins_told(material, models),
        *_said(material, *(f"network:{material.base(model)}:" for model in models)),
        *refit_told(material, models),
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
    alone = [base for base, model in material.networks.items() if model in material.variants]
    if alone:
        shown.append(
            paragraph(
                f"{text.joined(alone)} {'was' if len(alone) == 1 else 'were'} trained with "
                "augmentation only, so there is nothing to compare the variants with: `none` is "
                "missing in `augmentations`."
            )
        )
    if not shown:
        shown = [paragraph("No augmentation was tried, so there is nothing to conclude.")]
    return section("augmentation", "Should spectrograms be augmented?", shown, "h")


def _effects(material: Material, base: str) -> list[Block]:
    variants = {
        name: material.settings[name] for name, of in material.variants.items() if of == base
    }
    found = effects(material.tables["comparisons"], base, list(variants), material.confidence)
    if not found:
        return []
    name = {
        model: text.augmentation(settings["augmentation"]) for model, settings in variants.items()
    }
    rows: list[Line] = [
        [
            {**named(material, effect.model), "text": name[effect.model]},
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
                    "the interval leaves zero out, and the test confirms the difference after "
                    "Holm's correction over all comparisons of the report.",
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


def _said(material: Material, *topics: str) -> list[Block]:
    found = material.said(*topics)
    return [sentences(found)] if found else []
