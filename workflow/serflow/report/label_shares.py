"""Section on classifiers that start from a GAN: what that is worth, and what the GAN makes."""

from __future__ import annotations

from collections.abc import Sequence

from serflow import numbers
from serflow.evaluation.baseline_names import NAMES
from serflow.evaluation.contrasts import powerless
from serflow.report import text
from serflow.report.blocks import Block, Cell, cell, figures, paragraph, section, table
from serflow.report.cells import named, written
from serflow.report.material import Material, Row, Rows


def sections(material: Material) -> list[Block]:
    """Return the section, or nothing where no classifier starts from a GAN."""
    models = [model for model in material.settings if f"gan_samples/{model}" in material.figures]
    compared = {row["model"]: _rows(material, row["model"]) for row in _all(material)}
    if not models and not compared:
        return []
    told: list[Block] = [paragraph(seen(material, rows)) for rows in compared.values()]
    if compared:
        told += [paragraph(HOW), *(_table(material, rows) for rows in compared.values())]
    pictures = []
    for model in models:
        if model in compared:
            pictures.append(_curve(material, model, compared[model]))
        pictures.append(_samples(model))
    title = "Few labels: a start from unlabelled spectrograms"
    return [section("label-shares", title, [*told, *figures(pictures, material.figures)])]


HOW = (
    "A generative adversarial network (GAN) is trained on the images of the training clips, "
    "without their labels. A classifier whose convolutions begin as those of its discriminator is "
    "then compared with the same classifier from random weights: both see the same labelled clips, "
    "drawn at random from each label (anew for each fold and seed), in the same order, for as many "
    "steps as with all labels. Nothing is chosen on validation or test clips."
)


def seen(material: Material, rows: Rows) -> str:
    """Return in plain sentences at which shares of the labels the start from the GAN helps."""
    model = rows[0]["model"]
    sure = [row for row in rows if material.sure(row)]
    helps = [row for row in sure if numbers.value(row["difference"]) > 0]
    hurts = [row for row in sure if row not in helps]
    unsure = [row for row in rows if row not in sure]
    no_power = ""
    if material.unit == "speakers":
        speakers = int(rows[0]["speakers"])
        no_power = powerless(speakers, len(rows), "share", material.confidence)
    if no_power:
        return (
            f"Whether {model} gains from the GAN cannot be told at any share of the labels "
            f"(differences in UAR to the same classifier from random weights: {_listed(rows)}): "
            f"{no_power}; more speakers, or fewer shares, would change that."
        )
    if not sure:
        return (
            f"No gain from the GAN is seen: at no share of the labels can {model} that starts from "
            "it be told from the same classifier from random weights (differences in UAR: "
            f"{_listed(rows)})."
        )
    sentences = []
    if helps:
        sentences.append(f"Starting from the GAN helps {model} at {_shares(helps)} of the labels.")
    if hurts:
        claim = "It" if helps else f"Starting from the GAN does not help {model}: it"
        sentences.append(f"{claim} lowers the UAR at {_shares(hurts)} of the labels.")
    if unsure:
        what = "whether it helps" if helps else "whether it hurts"
        sentences.append(f"Elsewhere it cannot be told {what} (differences: {_listed(unsure)}).")
    return " ".join(sentences)


def _all(material: Material) -> Rows:
    """Return the rows of all models, without those of the baselines."""
    return [row for row in material.tables.get("label_shares", ()) if row["model"] not in NAMES]


def _guessed(material: Material) -> Rows:
    return [row for row in material.tables["label_shares"] if row["model"] in NAMES]


def _rows(material: Material, model: str) -> Rows:
    """Return a model's rows, the smallest share first."""
    found = [row for row in _all(material) if row["model"] == model]
    return sorted(found, key=lambda row: numbers.value(row["share"]))


def _shares(rows: Rows) -> str:
    """Write shares with what they gain: ``5 % (+0.041 [+0.010, +0.070])``."""
    return text.joined(
        f"{numbers.percent(row['share'])} ({numbers.difference(row['difference'])} "
        f"{numbers.interval(row['low'], row['high'], signed=True)})"
        for row in rows
    )


def _listed(rows: Rows) -> str:
    """Write shares with their differences: ``5 % +0.011, 10 % −0.004``."""
    return ", ".join(
        f"{numbers.percent(row['share'])} {numbers.difference(row['difference'])}" for row in rows
    )


def _table(material: Material, rows: Rows) -> Block:
    first = rows[0]
    several = int(first["seeds"]) > 1

    def scores(row: Row) -> list[str]:
        cells = []
        for start in ("gan", "random"):
            cells.append(numbers.score(row[f"uar_{start}"]))
            cells += [numbers.score(row[f"uar_{start}_seed_sd"])] if several else []
        return cells

    def line(row: Row) -> Sequence[Cell]:
        cells = [
            *(numbers.percent(row["share"]), numbers.count(row["clips"])),
            *scores(row),
            numbers.difference(row["difference"]),
            numbers.interval(row["low"], row["high"], signed=True),
            numbers.p_value(row["p_holm"]),
        ]
        return [cell(one, strong=material.sure(row)) for one in cells]

    def guess(row: Row) -> Sequence[Cell]:
        # No share and no start is its own, and it is compared with nothing.
        cells = ["", *scores(row), "", "", ""]
        name = row["model"]
        return [named(material, name), *(written(material, name, one) for one in cells)]

    deviation = ["SD"] if several else []
    columns = [
        *("Labels", "Clips"),
        *("UAR, from the GAN", *deviation),
        *("UAR, from random weights", *deviation),
        *("Difference", f"{material.level} interval", "p (Holm)"),
    ]
    words = (
        f"{first['model']} from the GAN's weights and from random ones. Clips: training clips with "
        f"labels, mean over folds. {text.counted(int(first['tested']), 'test clip')} in "
        f"{text.counted(int(first['folds']), 'fold')}, {text.counted(int(first['seeds']), 'seed')}"
        + (", each a draw of its own; SD: deviation over these." if several else ".")
        + " In grey what knows nothing of the sound, from whatever weights; the majority is that "
        "of all training labels."
    )
    lines = [*map(line, rows), *map(guess, _guessed(material))]
    return table(words, columns, lines, source="evaluation/label_shares.tsv")


def _curve(material: Material, model: str, rows: Rows) -> tuple[str, str, str]:
    told = ", ".join(
        f"{numbers.percent(row['share'])} {numbers.score(row['uar_gan'])} and "
        f"{numbers.score(row['uar_random'])}"
        for row in rows
    )
    return (
        f"label_shares/{model}",
        f"UAR of {model} by share of the labels, from the GAN's weights and from random ones, with "
        f"{material.level} intervals over {material.unit}.",
        f"UAR by share of the labels, from the GAN and from random weights: {told}.",
    )


def _samples(model: str) -> tuple[str, str, str]:
    return (
        f"gan_samples/{model}",
        f"Recorded training images and images that the generator of {model} makes from noise (one "
        "fold and seed, not selected); low frequencies at the bottom.",
        "Recorded spectrogram images above, generated ones below.",
    )
