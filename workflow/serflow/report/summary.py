"""The report's first page: what was compared, on what, how, and what came of it."""

from __future__ import annotations

from collections import Counter

from serflow import numbers
from serflow.report import given_away, regression, text
from serflow.report.blocks import (
    Block,
    Line,
    definitions,
    figures,
    note,
    paragraph,
    sentences,
    table,
)
from serflow.report.cells import named, written
from serflow.report.charts.ranking import ranking_chart
from serflow.report.material import Material
from serflow.report.training import split_told, validation_told

FEW_SPEAKERS = 10
ADAPTERS = {
    "demo": "synthesized demonstration corpus",
    "ravdess": "RAVDESS (Livingstone & Russo 2018)",
    "folder": "folders of recordings",
    "sheet": "recordings listed in a sheet",
}
WORDS = ("Model", "Family", "Input")
SCORES = ("accuracy", "macro_f1", "roc_auc", "ece")
HEADINGS = ("Accuracy", "Macro-F1", "ROC-AUC", "ECE")
# Conclusions of the first page; those on single augmentations stand in their section.
MAIN = ("overall", "features:", "network:", "opinion:", "caution:")
MOST_NETWORKS = 4
"""Of so many networks each has its sentence on the first page."""


def warnings(material: Material) -> list[Block]:
    """Return what a reader has to know before any number."""
    found = []
    if material.config["corpus"]["adapter"] == "demo":
        found.append(
            note(
                "error",
                "Synthetic corpus",
                "These recordings were made by a speech synthesizer, not by people. The scores "
                "show that the workflow works; they say nothing about human speech.",
            )
        )
    found += _overlap(material)
    speakers = len(material.tested_speakers)
    if material.unit == "clips":
        found.append(
            note(
                "warning",
                "Speakers not known",
                "Not all speakers are known, or there is only one, so intervals and tests "
                "resample clips. Clips of one speaker are not independent: the intervals are too "
                "narrow.",
            )
        )
    elif speakers < FEW_SPEAKERS:
        found.append(
            note(
                "warning",
                "Few speakers",
                f"All intervals rest on {text.counted(speakers, 'speaker')}. They are rough, and "
                "other speakers may give other results.",
            )
        )
    found += _left_out(material)
    unfit = [row for row in material.recordings if row["verdict"] not in ("", "ok")]
    if unfit:
        reasons = Counter(row["verdict"] for row in unfit)
        told = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common(4))
        found.append(
            note(
                "warning",
                "Unusual recordings",
                f"{len(unfit)} of {text.counted(len(material.recordings), 'recording')}: {told}. "
                "All are listed in recordings.tsv.",
            )
        )
    return found


def _left_out(material: Material) -> list[Block]:
    if not material.excluded:
        return []
    labels = Counter(row["label"] for row in material.excluded)
    told = ", ".join(f"{label} ({count})" for label, count in labels.most_common(6))
    everything = len(material.excluded) + len(material.clips)
    return [
        note(
            "error",
            "Recordings left out",
            f"{len(material.excluded)} of {text.counted(everything, 'recording')} could not be "
            f"used and take no part in any number: {told}. The section on the corpus counts them "
            "by label and reason; excluded.tsv lists them.",
        )
    ]


def _overlap(material: Material) -> list[Block]:
    allowed = [row for row in material.leakage if row["kind"] == "speaker"]
    if not allowed:
        return []
    shared = sorted({row["what"] for row in allowed})
    told = "; ".join(shared[:3]) + (f"; and {len(shared) - 3} more" if len(shared) > 3 else "")
    return [
        note(
            "error",
            "The same voices may be in training and test",
            f"This was allowed by the configuration ({told}). The scores flatter: a model may "
            "know the speaker, and what it would do with a new voice remains open.",
        )
    ]


def facts(material: Material) -> list[Block]:
    """Return what was compared on which recordings, and how, as groups of terms."""
    corpus = material.config["corpus"]
    counts = Counter(row["label"] for row in material.clips)
    labels = ", ".join(
        f"{label}\u00a0({numbers.count(counts[label])})" for label in material.labels
    )
    seconds = sum(numbers.value(row["seconds"]) for row in material.recordings)
    rates = sorted({int(row["rate"]) for row in material.recordings})
    resamples = numbers.count(material.config["evaluation"]["resamples"])
    measure = "concordance correlation (CCC); a constant estimate scores 0"
    if material.row:
        chance = numbers.score(1 / len(material.labels))
        measure = f"unweighted average recall (UAR); a guess scores {chance}"
    about = {
        "Corpus": [
            ("Name", f"{corpus['name']}: {ADAPTERS[corpus['adapter']]}"),
            (
                "Clips",
                f"{numbers.count(len(material.clips))} ({numbers.duration(seconds)} of sound)",
            ),
            ("Speakers", speakers_told(material)),
            ("Labels", labels),
            ("Sampling", f"{text.joined(numbers.count(rate) for rate in rates)} Hz"),
        ],
        "Protocol": [
            ("Models", models_told(material)),
            ("Split", split_told(material)),
            ("Validation", validation_told(material)),
            ("Seeds", f"{text.joined(map(str, material.config['seeds']))} (SVMs need none)"),
            ("Measure", measure),
            ("Intervals", f"{material.level}, {resamples} resamples of {material.unit}"),
        ],
    }
    return [{"title": title, **definitions(items)} for title, items in about.items()]


def speakers_told(material: Material) -> str:
    """Return the number of speakers, and of each gender where the corpus tells it."""
    if not material.speakers:
        return "unknown"
    told = numbers.count(len(material.speakers))
    gender = {row["speaker"]: row.get("gender", "") for row in material.clips if row["speaker"]}
    if gender and all(gender.values()):
        parts = Counter(gender.values())
        told += f" ({', '.join(f'{count} {name}' for name, count in sorted(parts.items()))})"
    without = sum(not row["speaker"] for row in material.clips)
    return told + (f"; of {text.counted(without, 'clip')} unknown" if without else "")


def models_told(material: Material) -> str:
    """Return how many models there are, and of which families."""
    families = Counter(text.family(settings["family"]) for settings in material.settings.values())
    told = ", ".join(f"{count}\u00a0×\u00a0{name}" for name, count in families.most_common())
    return f"{numbers.count(len(material.settings))}: {told}"


def results(material: Material) -> list[Block]:
    """Return the conclusions, the table of all models, and their ranking as a picture.

    Models that estimate a number stand in a section of their own; where there are no others, they
    have the first page too.
    """
    if not material.row:
        return [{**regression.said(material), "title": "Results"}]
    said = _main(material)
    return [
        models_table(
            material,
            [row["model"] for row in material.ranked],
            "All models, the highest UAR first; in grey what knows nothing of the sound.",
        ),
        {**sentences(said), "title": "Conclusions"}
        if said
        else paragraph("There are no conclusions."),
        *ranking(material),
    ]


def ranking(material: Material) -> list[Block]:
    """Return the picture of all models; on a page with scripts a chart takes its place."""
    found = figures(
        [
            (
                "ranking",
                f"UAR of all models with {material.level} intervals over {material.unit}; the "
                "dashed line is a guess, in grey are the baselines.",
                "Models from the highest to the lowest UAR: "
                + ", ".join(
                    f"{row['model']} {numbers.score(row['uar'])}" for row in material.ranked
                )
                + ".",
            )
        ],
        material.figures,
    )
    for block in found:
        for item in block["items"]:
            item["chart"] = ranking_chart(material)
    return found


def _main(material: Material) -> list[str]:
    """Return the conclusions of the first page; of many networks the best alone is told there."""
    told = [topic for topic in MAIN if topic != "overall"]
    first = [*material.said("overall"), *given_away.said(material)]
    if len(material.networks) <= MOST_NETWORKS:
        return [*first, *material.said(*told)]
    standing = {model: base for base, model in material.networks.items()}
    best = next(row["model"] for row in material.ranked if row["model"] in standing)
    told.remove("network:")
    return [
        *first,
        *material.said(f"network:{standing[best]}:"),
        *material.said(*told),
        "What each of the other networks reaches stands in the sections on networks.",
    ]


def models_table(material: Material, models: list[str], caption: str) -> Block:
    """Return the table of some models with their scores, the baselines below them."""
    rows: list[Line] = []
    for model in [*models, *material.baselines]:
        trained = model in material.row
        row = material.row[model] if trained else material.baselines[model]
        best = row is material.ranked[0]
        rows.append(
            [
                named(material, model, strong=best),
                written(material, model, text.family(row["family"])),
                written(material, model, material.input(model) if trained else numbers.UNKNOWN),
                written(material, model, numbers.score(row["uar"]), strong=best),
                written(
                    material,
                    model,
                    numbers.interval(row["uar_low"], row["uar_high"]) if trained else "",
                ),
                *(written(material, model, numbers.score(row[key])) for key in SCORES),
            ]
        )
    return table(
        f"{caption} {scope(material, models)}",
        [*WORDS, "UAR", f"{material.level} interval", *HEADINGS],
        rows,
        words=len(WORDS),
        source="evaluation/models.tsv",
    )


def scope(material: Material, models: list[str]) -> str:
    """Return over how many clips, speakers, folds and seeds the numbers of `models` were taken."""
    rows = [material.row[model] for model in models]
    clips, speakers, folds = (int(rows[0][key]) for key in ("clips", "speakers", "folds"))
    seeds = sorted({int(row["seeds"]) for row in rows})
    told = [text.counted(clips, "test clip")]
    if speakers:
        told.append(text.counted(speakers, "speaker"))
    told.append(text.counted(folds, "fold"))
    told.append(
        text.counted(seeds[0], "seed")
        if len(seeds) == 1
        else f"{text.joined(map(str, seeds), 'or')} seeds (SVM and networks)"
    )
    return f"Over {text.joined(told)}."
