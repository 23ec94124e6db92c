"""The section on what the answers of the models hang on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from serflow import network_inputs, numbers
from serflow.report import text
from serflow.report.blocks import Block, Line, cell, figures, paragraph, section, sentences, table
from serflow.report.cells import named
from serflow.report.material import Material, Rows
from serflow.report.summary import scope

ALIKE = 0.5
"""A rank correlation from which on a picture is called much like that of an untrained network."""
MOST_ROWS = 40
"""Parts that the report's table lists; with more machines only the weightiest of each are."""
WEIGHTIEST = 3


def sections(material: Material) -> list[Block]:
    """Return the section, or nothing where nothing was explained."""
    blocks = [*_networks(material), *_machines(material)]
    if not blocks:
        return []
    return [section("explanations", "What the answers hang on", blocks)]


def _networks(material: Material) -> list[Block]:
    if not material.explanations:
        return []
    items = [
        (f"explanation/{model}", _caption(material, model, facts), _told(model, facts))
        for model, facts in material.explanations.items()
    ]
    return [
        paragraph(
            "Networks: integrated gradients (Sundararajan, Taly & Yan 2017) tell for every point "
            "of a clip how much it spoke for the label that the network gave rather than for one "
            "rival (red), or the other way round (blue): of a right answer the likeliest other "
            "label is the rival, of a wrong one the true label. What speaks for both alike is in "
            f"neither. The clip is compared with {_compared(material)}: added up, the points give "
            "what the lead of the label's output over the rival's gains from there to the clip. "
            "Shown are test clips of "
            "fold 0 that the network was surest of, up to two recognised rightly and two wrongly, "
            "of different labels where there are such; of each network the one without "
            "augmentation, where there is one, and of its seeds the first."
        ),
        sentences(
            [
                "Such a picture shows what an answer hung on. It does not show why, nor that the "
                "network heard an emotion there: it may have heard a voice, a word or a noise.",
                "Single points say little, so the pictures are smoothed, and each clip's colours "
                "are of its own scale, on which weak points show (by the square root). What is "
                "strong in a loud place may be strong because the place is loud.",
                "Networks of the same shape with first weights, which have learned nothing, give "
                "pictures too. Each caption says how alike both are (rank correlation of the "
                "strengths, 1 where both are in the same order, 0 where they have nothing in "
                "common; Adebayo et al. 2018): where it is high, the picture shows the clip and "
                "the network's shape more than what was learned.",
            ]
        ),
        *figures(items, material.figures),
    ]


def _caption(material: Material, model: str, facts: Mapping[str, Any]) -> str:
    alike = float(facts["untrained"])
    much = ", which is much" if alike >= ALIKE else ""
    seed = material.config["seeds"][0]
    return (
        f"What spoke for the labels that {model} gave (red) rather than for their rivals (blue), "
        f"as written above each clip, fold 0, seed {seed}. "
        f"Likeness to an untrained network: {alike:.2f}{much}. The points add up to what the "
        f"lead gains, within {numbers.percent(facts['gap'])} of it."
    )


def _compared(material: Material) -> str:
    """Return what the clips are compared with, by what the networks read."""
    kinds = {network_inputs.kind(material.settings[model]) for model in material.explanations}
    said = []
    if "signal" in kinds:
        said.append("silence (of a signal)")
    if kinds - {"signal", "mfcc"}:
        said.append("a clip as quiet everywhere as at its quietest point (of an image or spectrum)")
    if "mfcc" in kinds:
        said.append("the mean of the clip's frames (of MFCC)")
    return text.joined(said, "or")


def _told(model: str, facts: Mapping[str, Any]) -> str:
    clips = [
        f"{PurePosixPath(one['clip']).name}, {one['label']}, for {one['predicted']} rather than "
        f"{one['rival']}"
        for one in facts["clips"]
    ]
    return f"Input of {model} and attributions over time for {'; '.join(clips)}."


def _machines(material: Material) -> list[Block]:
    if "importance" not in material.tables:
        return []
    rows = material.tables["importance"]
    if not rows:
        return [
            paragraph(
                "SVMs: what each part of the features is worth is not told, because every SVM "
                "chose other features in other folds, so that none has parts in common."
            )
        ]
    told = sorted({row["model"] for row in rows})
    left_out = [model for model in material.models("svm") if model not in told]
    repeats = text.counted(int(rows[0]["repeats"]), "time")
    said = (
        "SVMs: permutation importance (Breiman 2001). One part of the features, such as all frames "
        f"of a sub-band, is dealt anew among the test clips of each fold, {repeats}, and the UAR "
        "over all folds is taken again. What it loses is what the part is worth to the machine as "
        "it was trained. Where two parts tell the same, each seems worth little; a part that seems "
        "worth nothing need not be useless to another machine."
    )
    if any(row["part"].endswith("MFCC 0") for row in rows):
        said += " MFCC 0 is how loud a frame is; the others are the shape of its spectrum."
    if left_out:
        names = text.joined(left_out)
        said += f" Left out, because other features were chosen in other folds: {names}."
    return [
        paragraph(said),
        *figures(
            [
                (
                    "importance",
                    f"Loss of UAR without each part, with {material.level} intervals over "
                    f"{rows[0]['unit']}; the SVMs with the highest UAR. The intervals resample "
                    f"{rows[0]['unit']} and leave the dealings as they are, so small losses are "
                    "less sure than drawn. "
                    f"{scope(material, told)}",
                    f"The weightiest parts: {_weightiest_told(rows)}.",
                )
            ],
            material.figures,
        ),
        _table(material, rows),
    ]


def _by_weight(rows: Rows, model: str) -> list[Mapping[str, str]]:
    return sorted(
        (row for row in rows if row["model"] == model), key=lambda row: -numbers.value(row["drop"])
    )


def _weightiest_told(rows: Rows) -> str:
    models = dict.fromkeys(row["model"] for row in rows)
    first = {model: _by_weight(rows, model)[0] for model in models}
    return "; ".join(
        f"{model} {row['part']} {numbers.difference(row['drop'])}" for model, row in first.items()
    )


def _table(material: Material, rows: Rows) -> Block:
    models = [model for model in material.models("svm") if any(r["model"] == model for r in rows)]
    cut = len(rows) > MOST_ROWS
    lines: list[Line] = []
    for model in models:
        own = _by_weight(rows, model)
        for row in own[:WEIGHTIEST] if cut else own:
            sure = numbers.value(row["low"]) > 0
            lines.append(
                [
                    named(material, model),
                    row["part"],
                    cell(numbers.difference(row["drop"]), strong=sure),
                    numbers.interval(row["low"], row["high"], signed=True),
                ]
            )
    only = f" The {WEIGHTIEST} weightiest of each SVM." if cut else ""
    return table(
        "What each part of the features is worth: loss of UAR, in bold where the interval lies "
        f"above zero (not corrected for how many parts there are).{only} {scope(material, models)}",
        ["Model", "Part", "Loss of UAR", f"{material.level} interval"],
        lines,
        words=2,
        source="evaluation/importance.tsv",
    )
