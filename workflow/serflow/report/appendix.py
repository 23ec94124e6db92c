"""Sections on what lies behind the numbers: corpus, split, cost, configuration, reading aid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from serflow import numbers
from serflow.report import text
from serflow.report.blocks import Block, Line, code, definitions, note, paragraph, section, table
from serflow.report.cells import named, timed
from serflow.report.charts.cost import cost_chart
from serflow.report.citing import cited
from serflow.report.corpus import recorded
from serflow.report.made import made
from serflow.report.material import Material
from serflow.report.pictures import variants
from serflow.report.training import (
    split_told,
    validation_told,
    validation_use,
)

MOST_FINDINGS = 40
FOR_ALL = ("Interval", "Fold", "Seed")
"""What is to be explained whatever the models do; the rest is of the recognition of labels."""


def sections(material: Material) -> list[Block]:
    """Return the sections in order."""
    found = [
        *recorded(material),
        section("separation", "Separation of training and test", _separation(material)),
        section("cost", "Cost", _cost(material)),
        section("variants", "Augmentation variants in detail", variants(material)),
        *made(material),
        section("provenance", "Where the numbers come from", _provenance(material)),
        section("configuration", "Configuration", _configuration(material)),
        *cited(material),
        section("reading", "How to read this report", _reading(material)),
    ]
    return [one for one in found if one["blocks"]]


def _separation(material: Material) -> list[Block]:
    told = (
        f"Split: {split_told(material)}. Validation: {validation_told(material)}. "
        f"{validation_use(material)} In every fold "
        "the workflow checks that no speaker, no clip and no identical audio (by a hash of the "
        "samples) is in more than one of training, validation and test."
    )
    speaker = {row["clip"]: row["speaker"] for row in material.clips}
    clips: Counter[tuple[str, str]] = Counter()
    speakers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in material.splits:
        key = row["fold"], row["role"]
        clips[key] += 1
        speakers[key].add(speaker.get(row["clip"], ""))
    lines = [
        [
            fold,
            *(
                f"{numbers.count(clips[fold, role])} "
                f"({numbers.count(len(speakers[fold, role] - {''}))})"
                for role in ("train", "validation", "test")
            ),
        ]
        for fold in material.folds
    ]
    shown: list[Block] = [
        paragraph(told),
        table(
            "Clips (speakers) of each fold.",
            ["Fold", "Training", "Validation", "Test"],
            lines,
            source="splits.tsv",
        ),
    ]
    if not material.leakage:
        shown.append(note("note", "No finding", "Nothing is shared between the parts of any fold."))
        return shown
    findings = [
        [row["fold"], row["kind"], row["severity"], row["what"], row["roles"], row["clips"]]
        for row in material.leakage[:MOST_FINDINGS]
    ]
    cut = (
        f" The first {MOST_FINDINGS} of {len(material.leakage)}."
        if len(material.leakage) > MOST_FINDINGS
        else ""
    )
    columns = ["Fold", "Kind", "Severity", "What", "Roles", "Clips"]
    shown.append(
        table(
            f"What the check found.{cut}",
            columns,
            findings,
            words=6,
            source="leakage.tsv",
            dense=True,
        )
    )
    return shown


def _cost(material: Material) -> list[Block]:
    jobs: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in material.benchmarks:
        jobs[row["rule"]].append((numbers.value(row["seconds"]), numbers.value(row["max_rss"])))
    sized = [*cost_chart(material), _size_and_speed(material)] if material.row else []
    if not jobs:
        return sized
    ranked = sorted(jobs, key=lambda rule: (-sum(seconds for seconds, _ in jobs[rule]), rule))
    lines: list[Line] = []
    for rule in ranked:
        seconds = [one for one, _ in jobs[rule]]
        memory = [one for _, one in jobs[rule] if one == one]
        lines.append(
            [
                rule,
                numbers.count(len(seconds)),
                timed(sum(seconds)),
                timed(max(seconds)),
                numbers.count(max(memory)) if memory else numbers.UNKNOWN,
            ]
        )
    total = sum(seconds for of in jobs.values() for seconds, _ in of)
    return [
        *sized,
        table(
            "Time of all jobs by rule, as measured when they ran: "
            f"{numbers.duration(total)} in all, one after the other. "
            "Peak memory is that of the largest job.",
            ["Rule", "Jobs", "Time", "Longest job", "Peak memory (MB)"],
            lines,
        ),
    ]


def _size_and_speed(material: Material) -> Block:
    lines: list[Line] = [
        [
            named(material, row["model"]),
            numbers.count(row["parameters"]),
            numbers.plain(row["train_seconds"]),
            numbers.plain(row["predict_ms_per_clip"]),
        ]
        for row in material.ranked
    ]
    return table(
        "Size and speed of each model: mean time to train one fold and seed, and to classify one "
        "clip from its features, image or signal"
        + (
            "; with refit, the time of both trainings."
            if any(map(material.refitted, material.row))
            else "."
        ),
        ["Model", "Parameters", "Train (s)", "ms/clip"],
        lines,
        source="evaluation/models.tsv",
    )


def _configuration(material: Material) -> list[Block]:
    return [
        paragraph("The complete configuration of this run, defaults included:"),
        code(text.outline(material.config)),
    ]


def _provenance(material: Material) -> list[Block]:
    if not material.provenance:
        return []
    lines = [[name, version] for name, version in material.provenance["versions"].items()]
    return [
        definitions(_origin(material.provenance)),
        table(
            "Versions of what took part; provenance.json lists all that is installed.",
            ["Program or library", "Version"],
            lines,
            words=2,
            source="provenance.json",
        ),
    ]


def _origin(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    code, corpus, machine = (provenance[key] for key in ("commit", "corpus", "hardware"))
    changed = " with changes since" if code["modified"] else ""
    trained = " and ".join(provenance["devices"])
    return [
        ("Code", f"commit {code['id']}{changed}" if code["id"] else "not a Git repository"),
        (
            "Recordings",
            f"{text.counted(corpus['clips'], 'clip')}, fingerprint {corpus['fingerprint']}",
        ),
        ("Processor", f"{machine['processor']}, {text.counted(machine['cores'], 'core')}"),
        ("Memory", f"{machine['memory_gib']:g} GiB"),
        ("System", machine["system"]),
        *([("Networks trained on", trained)] if trained else []),
        ("Trainings", _trainings(provenance["trainings"])),
    ]


def _trainings(found: Mapping[str, Sequence[str]]) -> str:
    """Return how many trainings the numbers are of; `provenance.json` names each."""
    number = sum(map(len, found.values()))
    return f"{numbers.count(number)}, of {text.counted(len(found), 'model')}"


def _reading(material: Material) -> list[Block]:
    chance = numbers.score(1 / len(material.labels))
    families = {material.settings[model]["family"] for model in material.row}
    reference = (
        "A network is measured against the SVM with the highest UAR on the same test clips. "
        "Choosing that SVM by its test score slightly favours it."
    )
    return [
        definitions(
            (term, told)
            for term, told in [
                (
                    "UAR",
                    "Unweighted average recall: of the clips of each label, the share that was "
                    "recognised, averaged over labels. Each label counts the same, however many "
                    f"clips it has. With {len(material.labels)} labels a guess scores {chance}.",
                ),
                ("Accuracy", "Share of all clips that were recognised (WA, weighted accuracy)."),
                ("Macro-F1", "Mean over labels of the harmonic mean of recall and precision."),
                (
                    "ROC-AUC",
                    "How probably a clip of a label gets a higher probability of it than a clip of "
                    "another one; 0.5 is a guess. One label against the rest, within each fold, "
                    "mean over folds and labels: every fold has a model of its own, and "
                    "probabilities of different models are not to be ordered in one list.",
                ),
                (
                    "ECE",
                    "Expected calibration error: how far, on average, the probability of the "
                    "predicted label is from the share of such predictions that are right. 15 "
                    "bins of equal width over all tested clips, mean over seeds; 0 is best.",
                ),
                (
                    "chance, majority",
                    "What knows nothing of the sound: every label with the same probability, and "
                    "the label most frequent in a fold's training, of equals the first. Both "
                    "are computed as the models are, have no rank, and are compared with none.",
                ),
                (
                    "Interval",
                    f"{material.level} of the scores that came out when the {material.unit} were "
                    "drawn anew, with replacement. It says how much the score depends on who was "
                    "recorded; it does not cover another corpus, language or microphone.",
                ),
                (
                    "Difference, p and p (Holm)",
                    "Two models are compared on the same clips, so a difference can be sure "
                    "although their intervals overlap. p is how often chance alone would give a "
                    "difference this large; Holm's correction allows for the number of pairs.",
                ),
                *([("Reaches", reference)] if {"svm"} < families else []),
                (
                    "Fold",
                    "One division of the clips into training, validation and test. Each clip is "
                    "tested once.",
                ),
                (
                    "Seed",
                    "Start of the random numbers of a training run. Scores are means over seeds.",
                ),
            ]
            if material.row or term in FOR_ALL
        )
    ]
