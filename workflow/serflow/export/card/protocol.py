"""How the model was trained and tested, on its card."""

from __future__ import annotations

from serflow import numbers
from serflow.export.card.facts import Facts
from serflow.export.card.markdown import bullets, escaped
from serflow.report import text
from serflow.report.training import split_told, validation_told


def protocol(facts: Facts) -> list[str]:
    """Return split, validation, gate, seeds, and what the intervals say."""
    material = facts.material
    told = [
        f"Split: {escaped(split_told(material))}.",
        f"Validation: {escaped(validation_told(material))}.",
    ]
    if facts.overlap:
        told.append(
            "Speakers of test clips may also be in training: the configuration allows it, and the "
            "scores flatter."
        )
    else:
        warned = len(material.leakage)
        found = "found none" if not warned else f"warned of {warned} (leakage.tsv)"
        told.append(
            "A gate looked for speakers, clips and identical sound on both sides of each split "
            f"before any training, and {found}. Nothing was fitted or chosen on a fold's test "
            "speakers: "
            + (
                "the temperature comes from inner folds over training speakers, and so does what a "
                "list leaves open of C, kernel and features."
                if facts.svm
                else "weights and normalisation come from training clips, and which epoch is kept "
                "is fixed beforehand or decided on validation clips."
            )
        )
    if facts.svm:
        told.append("It needs no validation set and is trained on it too. It has no randomness.")
    elif facts.refitted:
        told.append(
            "The network that was tested is a second one, trained on training and validation clips "
            "together, up to the epoch that a first one kept."
        )
    if not facts.svm:
        seeds = text.joined(map(str, material.config["seeds"]))
        told.append(f"Seeds: {seeds}. Scores are means over seeds.")
    told.append(
        "The same settings serve all folds; as far as they were chosen by looking at scores on "
        "this corpus, its scores are optimistic."
        + (
            " SERflow's defaults for networks come from trials on RAVDESS that saw every speaker "
            "as validation speaker of some fold."
            if material.config["corpus"]["adapter"] == "ravdess" and not facts.svm
            else ""
        )
    )
    level = material.level
    resamples = numbers.count(material.config["evaluation"]["resamples"])
    told.append(
        f"Intervals: {level}, {resamples} bootstrap resamples of whole {material.unit}. They say "
        "how far other speakers of this corpus might move a score, not other recordings."
    )
    return [bullets(told)]
