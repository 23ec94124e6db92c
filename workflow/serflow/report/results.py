"""Sections on all models: comparisons, and results per class, speaker, fold and seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import mean, median

from serflow import numbers
from serflow.report import text
from serflow.report.attributes import attributes
from serflow.report.blocks import Block, Cell, Line, cell, paragraph, section, table
from serflow.report.calibration import calibrated
from serflow.report.cells import named, parts, shaded, written
from serflow.report.charts.speakers import speakers_chart
from serflow.report.choices import chosen
from serflow.report.material import Material, Row, Rows
from serflow.report.ranks import ranked

MOST_PAIRS = 60
MOST_SPEAKERS = 60
ACROSS_LABELS = 8
ACROSS_SPEAKERS = 14


def sections(material: Material) -> list[Block]:
    """Return the sections, without those that have nothing to show."""
    made = [
        section("comparisons", "Paired comparisons of models", _comparisons(material)),
        section("ranks", "Mean ranks over speakers", ranked(material)),
        section("classes", "Results by label", _classes(material)),
        section("calibration", "Calibration", calibrated(material)),
        section("speakers", "Results by speaker", _speakers(material)),
        section("attributes", "Results by attribute of the clips", attributes(material)),
        section("folds", "Spread over folds and seeds", _folds(material)),
        section("choices", "Choices made on the training speakers", chosen(material)),
    ]
    return [one for one in made if one["blocks"]]


def _comparisons(material: Material) -> list[Block]:
    rows = material.tables["comparisons"]
    if not rows:
        return []
    best = material.ranked[0]["model"]
    with_best = [_turned(row, best) for row in rows if best in (row["model_a"], row["model_b"])]
    others = [row for row in rows if best not in (row["model_a"], row["model_b"])]
    others.sort(
        key=lambda row: (numbers.value(row["p_holm"]), -abs(numbers.value(row["difference"])))
    )
    shown = [
        paragraph(
            "Each pair is compared on the same test clips. The interval resamples "
            f"{material.unit}; the p-value comes from a sign-flip test on their contributions, "
            f"and is corrected by Holm's method over all {text.counted(len(rows), 'pair')}. A "
            f"difference in bold has a corrected p-value below {material.alpha:g} and an interval "
            "that leaves zero out."
        ),
        _pairs(
            material,
            f"The model with the highest UAR, {best}, against each other model.",
            with_best,
        ),
    ]
    if others:
        cut = (
            f" The {MOST_PAIRS} with the smallest p-values of {len(others)}."
            if len(others) > MOST_PAIRS
            else ""
        )
        shown.append(_pairs(material, f"All other pairs.{cut}", others[:MOST_PAIRS]))
    return shown


def _turned(row: Row, first: str) -> Row:
    if row["model_a"] == first:
        return row
    negative = {key: str(-numbers.value(row[key])) for key in ("difference", "low", "high")}
    return {
        **row,
        "model_a": row["model_b"],
        "model_b": row["model_a"],
        "difference": negative["difference"],
        "low": negative["high"],
        "high": negative["low"],
    }


def _pairs(material: Material, caption: str, rows: Rows) -> Block:
    def line(row: Row) -> list[str | Cell]:
        return [
            named(material, row["model_a"]),
            named(material, row["model_b"]),
            cell(numbers.difference(row["difference"]), strong=material.sure(row)),
            numbers.interval(row["low"], row["high"], signed=True),
            numbers.p_value(row["p_value"]),
            numbers.p_value(row["p_holm"]),
        ]

    columns = [
        "Model",
        "Compared with",
        "Difference in UAR",
        f"{material.level} interval",
        "p",
        "p (Holm)",
    ]
    return table(caption, columns, map(line, rows), words=2, source="evaluation/comparisons.tsv")


def _classes(material: Material) -> list[Block]:
    measures = {
        "recall": "Recall",
        "precision": "Precision",
        "f1": "F1 score",
        "roc_auc": "ROC-AUC (one label against the rest, mean over folds)",
    }
    found = {(row["model"], row["label"]): row for row in material.tables["per_class"]}
    labels = sorted({label for _, label in found})
    shown = []
    for key, name in measures.items():
        for part in parts(labels, ACROSS_LABELS):
            rows = [
                [
                    named(material, model),
                    *(
                        shaded(material, model, found[model, label][key])
                        if (model, label) in found
                        else ""
                        for label in part
                    ),
                ]
                for model in material.lines
            ]
            caption = f"{name} of each label, mean over seeds."
            shown.append(table(caption, ["Model", *part], rows, source="evaluation/per_class.tsv"))
    return shown


def _speakers(material: Material) -> list[Block]:
    rows = material.tables["per_speaker"]
    if not rows:
        return [paragraph("The speakers are not known.")]
    by_model = {
        model: {row["speaker"]: row["uar"] for row in group}
        for model, group in groupby(
            sorted(rows, key=lambda row: row["model"]), key=lambda row: row["model"]
        )
    }
    models = [model for model in material.lines if model in by_model]
    speakers = sorted({row["speaker"] for row in rows})
    shown = [_extremes(material, models, by_model)]
    if len(speakers) > MOST_SPEAKERS:
        shown.append(
            paragraph(f"All {len(speakers)} speakers are listed in evaluation/per_speaker.tsv.")
        )
        return shown
    shown += speakers_chart(material, models)
    pieces = parts(speakers, ACROSS_SPEAKERS)
    for place, part in enumerate(pieces, 1):
        lines = [
            [
                named(material, model),
                *(shaded(material, model, by_model[model].get(speaker, ""), 2) for speaker in part),
            ]
            for model in models
        ]
        of = f" (part {place} of {len(pieces)})" if len(pieces) > 1 else ""
        caption = f"UAR of each model by speaker{of}; columns are speakers."
        shown.append(
            table(
                caption,
                ["Model", *part],
                lines,
                source="evaluation/per_speaker.tsv",
                dense=len(part) > 8,
            )
        )
    return shown


def _extremes(
    material: Material, models: Sequence[str], by_model: dict[str, dict[str, str]]
) -> Block:
    lines: list[Line] = []
    for model in models:
        scores = {name: numbers.value(uar) for name, uar in by_model[model].items() if uar != ""}
        by_score = sorted(scores, key=lambda name: (scores[name], name))
        if by_score:
            low, high = (
                f"{numbers.score(scores[name])} ({name})" for name in (by_score[0], by_score[-1])
            )
            # All speakers are alike to one who guesses: none of them is the best.
            if scores[by_score[0]] == scores[by_score[-1]]:
                low = high = numbers.score(scores[by_score[0]])
            cells = (low, numbers.score(median(scores.values())), high)
            lines.append(
                [named(material, model), *(written(material, model, cell) for cell in cells)]
            )
    return table(
        "The speakers that each model recognises worst and best, by UAR.",
        ["Model", "Lowest (speaker)", "Median", "Highest (speaker)"],
        lines,
        source="evaluation/per_speaker.tsv",
    )


def _folds(material: Material) -> list[Block]:
    scores: dict[str, dict[tuple[str, str], float]] = {model: {} for model in material.lines}
    for row in material.tables["per_fold"]:
        scores[row["model"]][row["fold"], row["seed"]] = numbers.value(row["uar"])
    folds = sorted({fold for of in scores.values() for fold, _ in of}, key=int)
    seeds = sorted({seed for of in scores.values() for _, seed in of}, key=int)
    shown = [_spread(material)]
    for part in parts(folds, ACROSS_LABELS):
        lines = []
        for model in material.lines:
            by_fold = [
                [uar for (fold, _), uar in scores[model].items() if fold == one] for one in part
            ]
            lines.append(
                [
                    named(material, model),
                    *(shaded(material, model, mean(of)) if of else "" for of in by_fold),
                ]
            )
        columns = ["Model", *(f"Fold {fold}" for fold in part)]
        shown.append(
            table("UAR by fold, mean over seeds.", columns, lines, source="evaluation/per_fold.tsv")
        )
    if len(seeds) > 1:
        shown += _seeds(material, scores, seeds)
    return shown


def _spread(material: Material) -> Block:
    """Return the two deviations side by side; they tell of different things."""
    lines = []
    for model in material.lines:
        row = material.row.get(model) or material.baselines[model]
        cells = [
            numbers.score(row["uar"]),
            row["seeds"],
            numbers.score(row["uar_seed_sd"]),
            row["folds"],
            numbers.score(row["uar_fold_sd"]),
        ]
        lines.append([named(material, model), *(written(material, model, cell) for cell in cells)])
    return table(
        "Standard deviation of the UAR, apart for seeds and for folds. Over seeds: of the UAR over "
        "all folds; how much is luck of the training. Over folds: of a fold's UAR, mean over "
        "seeds; how much hangs on who is tested. Neither is an interval of the UAR.",
        ["Model", "UAR", "Seeds", "SD over seeds", "Folds", "SD over folds"],
        lines,
        source="evaluation/models.tsv",
    )


def _seeds(
    material: Material, scores: dict[str, dict[tuple[str, str], float]], seeds: Sequence[str]
) -> Iterator[Block]:
    several = [model for model, of in scores.items() if len({seed for _, seed in of}) > 1]
    for part in parts(seeds, ACROSS_LABELS):
        lines = []
        for model in several:
            by_seed = [
                [uar for (_, seed), uar in scores[model].items() if seed == one] for one in part
            ]
            lines.append(
                [
                    named(material, model),
                    *(shaded(material, model, mean(of)) if of else "" for of in by_seed),
                ]
            )
        columns = ["Model", *(f"Seed {seed}" for seed in part)]
        yield table(
            "UAR by seed, mean over folds.", columns, lines, source="evaluation/per_fold.tsv"
        )
