"""The section on single clips: to look at, to listen to, and what every model says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from serflow import numbers
from serflow.corpora.about import about
from serflow.report.blocks import Block, Cell, cell, note, paragraph, section
from serflow.report.cells import named
from serflow.report.material import Material

Card = Mapping[str, Any]
PRINTED_MODELS = 8
"""Rows of a table on paper, where all cards are seen at once."""
PRINTED_LABELS = 5
"""Labels that have columns of their own on paper; of more only the true and the likeliest do."""
ROLES = {"train": "training clip", "test": "test clip", "mistake": "mistaken"}


def sections(material: Material) -> list[Block]:
    """Return the section, or nothing where the configuration leaves it away."""
    if not material.shown:
        return []
    cards = material.shown["cards"]
    examples = [card for card in cards if card["role"] != "mistake"]
    # A label's clips side by side.
    examples.sort(key=lambda card: (card["label"], card["role"] == "test"))
    mistakes = [card for card in cards if card["role"] == "mistake"]
    blocks = [*_told(material), _cards(material, examples)]
    if mistakes:
        blocks += [paragraph(_mistakes_told(mistakes)), _cards(material, mistakes)]
    return [section("clips", "Clips to look at and to listen to", blocks)]


def _told(material: Material) -> list[Block]:
    seconds = f"{material.shown['window_seconds']:.1f} s"
    said = (
        "Of each label a training and a test clip of the first fold, those of the figures (a) and "
        f"(e). The pictures show the first {seconds}, which is what networks and the "
        "built-in features are given: "
        "the waveform; the mel spectrogram in decibels below its loudest point; the long-term "
        "spectrum; and the image that 2D networks read, with the lowest mel band at the top."
    )
    shown = [paragraph(said)]
    if any(card["probabilities"] for card in material.shown["cards"]):
        shown.append(
            paragraph(
                "Below them stands what each model says. Of a test clip these are the "
                "probabilities that all results of this report come from, mean over seeds. Of a "
                "training clip they are those of the models that were trained on it: a model that "
                "is sure of these, and less of test clips, knows them by heart."
            )
        )
    if len(material.row) < len(material.settings):
        shown.append(paragraph("Models that estimate a number are not among them."))
    return [*shown, _heard(material)]


def _heard(material: Material) -> Block:
    """Say what can be heard, and why not where nothing can."""
    known = about(material.config["corpus"])
    if material.shown["audio"]:
        said = (
            "The players of the page report.html hold MP3 copies of the recordings, of "
            f"{material.shown['most_seconds']:g} s at most, the fewer the more clips there are, so "
            "that the page stays small; the models were given the WAV itself."
        )
        if known.licence:
            said += f" Licence of the recordings: {known.licence}."
        if known.citation:
            said += f" {known.citation}."
        return paragraph(said)
    if material.config["report"]["audio"] == "never":
        why = "The configuration says `report.audio: never`."
    elif known.licence:
        why = (
            f"The corpus' licence, {known.licence}, is none that is known to let copies be passed "
            "on. Where you may do so all the same, or the page stays with you, set `report.audio: "
            "always`."
        )
    else:
        why = (
            "Nobody has told under which licence the recordings are. Set `corpus.licence` (CC BY "
            "4.0, for instance), or `report.audio: always` where the page stays with whoever may "
            "hear them."
        )
    return note("note", "Nothing can be heard in this report", why)


def _mistakes_told(mistakes: Sequence[Card]) -> str:
    return (
        "Mistakes that models were surest of, over the test clips of all folds: of a network "
        "(without augmentation, where it was trained so) or an SVM the wrong label with the "
        f"highest probability, one a model, each clip once; the {len(mistakes)} surest, the surest "
        "first."
    )


def _cards(material: Material, cards: Sequence[Card]) -> Block:
    return {"kind": "clips", "items": [_card(material, card) for card in cards]}


def _card(material: Material, card: Card) -> Block:
    label = card["label"] or "no label"
    speaker = f"speaker {card['speaker']}" if card["speaker"] else "speaker unknown"
    mistaken = card["role"] == "mistake"
    title = (
        f"{label}, taken for {card['taken_for']}" if mistaken else f"{label}, {ROLES[card['role']]}"
    )
    length = f"the first {card['seconds']:g} s" if card["cut"] else f"{card['seconds']:.2f} s"
    facts = f"{PurePosixPath(card['clip']).name}, {speaker}, {length} at {card['rate']} Hz"
    if mistaken:
        sure = max(card["probabilities"][card["model"]])
        facts += f". {card['model']}: {card['taken_for']} with {_percent(sure)}{numbers.NARROW}%"
    files = Path(material.shown["folder"])
    return {
        "title": title,
        "facts": f"{facts}.",
        "path": str(files / f"{card['name']}.png"),
        "alternative": (
            f"Waveform, mel spectrogram, spectrum and image of {PurePosixPath(card['clip']).name}: "
            f"{title}, {speaker}."
        ),
        "audio": str(files / f"{card['name']}.mp3") if material.shown["audio"] else "",
        "audio_label": f"{title}, {speaker}",
        "table": _table(material, card),
        "printed": _printed(material, card),
    }


def _models(material: Material, card: Card) -> list[str]:
    return [row["model"] for row in material.ranked if row["model"] in card["probabilities"]]


def _table(material: Material, card: Card) -> Block | None:
    """Return all models' probabilities of all labels; None where no model recognises any."""
    labels = material.shown["labels"]
    rows = [
        [named(material, model), *_shares(card["probabilities"][model], range(len(labels)))]
        for model in _models(material, card)
    ]
    if not rows:
        return None
    trained = card["role"] == "train"
    return {
        "caption": "Probability in %, by models that were trained on this clip"
        if trained
        else "Probability in %, by models that were not trained on this clip",
        "columns": ["Model", *labels],
        "true": card["label"],
        "rows": rows,
    }


def _printed(material: Material, card: Card) -> Block | None:
    """Return the table as it stands on paper: fewer models, and of many labels the two at issue."""
    labels = material.shown["labels"]
    standing = {*material.models("svm"), *material.networks.values()}
    models = [one for one in _models(material, card) if one in standing][:PRINTED_MODELS]
    if not models:
        return None
    if len(labels) <= PRINTED_LABELS:
        every = range(len(labels))
        rows = [
            [named(material, one), *_shares(card["probabilities"][one], every)] for one in models
        ]
        return {"columns": ["Model", *labels], "true": card["label"], "rows": rows}
    true = labels.index(card["label"])
    rows = []
    for model in models:
        shares = card["probabilities"][model]
        likeliest = shares.index(max(shares))
        told = f"{labels[likeliest]} {_percent(shares[likeliest])}"
        rows.append(
            [
                named(material, model),
                *_shares(shares, [true]),
                cell(told, strong=True, tone=f"{shares[likeliest]:.2f}"),
            ]
        )
    return {"columns": ["Model", card["label"], "Likeliest"], "true": card["label"], "rows": rows}


def _shares(shares: Sequence[float], places: Sequence[int]) -> list[Cell]:
    likeliest = list(shares).index(max(shares))
    return [
        cell(_percent(shares[at]), strong=at == likeliest, tone=f"{shares[at]:.2f}")
        for at in places
    ]


def _percent(share: float) -> str:
    """Write a probability in percent; nothing is written as if it were certain."""
    if share < 0.005:
        return "<1"
    return ">99" if share >= 0.995 else f"{100 * share:.0f}"
