"""How the models were trained, in words: split, validation, refit, scaling by speaker."""

from __future__ import annotations

from serflow import numbers
from serflow.report import text
from serflow.report.blocks import Block, paragraph
from serflow.report.material import Material
from serflow.splitting.named_folds import NAMED


def split_told(material: Material) -> str:
    """Return how clips were dealt to training and test."""
    kind, folds = material.config["protocol"]["type"], len(material.folds)
    if kind in NAMED:
        named = NAMED[kind]
        return f"{kind}, the {text.counted(folds, 'fold')} of {named.source} for {named.corpus}"
    return {
        "group-k-fold": f"{text.counted(folds, 'fold')}, whole speakers dealt to them",
        "loso": f"leave one speaker out, {text.counted(folds, 'fold')}",
        "speakers": f"{text.counted(folds, 'fold')} of listed test speakers",
        "given": "the corpus' own training and test parts",
        "random": f"{text.counted(folds, 'random fold')} of clips",
    }[kind]


def validation_told(material: Material) -> str:
    """Return what the validation set of a fold is made of."""
    held_out = list(material.held_out.values())
    share = numbers.percent(material.config["protocol"]["validation"])
    by_clips = held_out.count("clips")
    clips = f"{share} of each label's training clips, whoever speaks"
    if "speakers" not in held_out:
        return f"{clips}, in each fold" if by_clips else "none"
    told = f"{share} of the training speakers in each fold"
    return f"{told}; in {by_clips} of {len(held_out)} folds {clips}" if by_clips else told


def validation_use(material: Material) -> str:
    """Return in sentences who is trained on the validation set after all; "" where none is."""
    if not any(material.held_out.values()):
        return ""
    told = []
    if material.models("svm"):
        told.append("SVMs need no validation set and are trained on it too.")
    networks = [model for model in material.row if model in material.networks.values()]
    told += [block["text"] for block in refit_told(material, networks)]
    return " ".join(told)


def stand_ins_told(material: Material, models: list[str]) -> list[Block]:
    """Return for each network that has only augmented variants which of them is shown."""
    return [
        paragraph(
            f"{material.base(model)} was trained with augmentation only; of its variants {model} "
            "is shown here, because it comes first."
        )
        for model in models
        if model in material.variants
    ]


def refit_told(material: Material, models: list[str]) -> list[Block]:
    """Return which of some models were trained twice, and which training the scores are of."""
    twice = [model for model in models if material.refitted(model)]
    if not twice:
        return []
    return [
        paragraph(
            f"{text.joined(twice)} ({'each ' if len(twice) > 1 else ''}with refit): a first "
            f"network is trained without the validation clips, and the learning curves are its "
            "own; the scores are of a second one, trained on training and validation clips "
            "together, up to the epoch that the first one kept."
        )
    ]


def speaker_scaling_told(material: Material) -> list[Block]:
    """Return which models know more of a test speaker than the one clip."""
    known = [row["model"] for row in material.ranked if material.knows_speakers(row["model"])]
    if not known:
        return []
    return [
        paragraph(
            f"Standardised per speaker: {text.joined(known)}. There each feature, or each band of "
            "a spectrogram, has mean 0 and deviation 1 over the clips of each speaker, the test "
            "speakers included. That takes "
            "several clips of a test speaker, without their labels, while all other models "
            "recognise each clip alone."
        )
    ]
