"""The card of a model: what it is, on what and how it was tested, and what it is not for.

Markdown, with the header that the Hugging Face hub reads. After Mitchell et al. (2019), "Model
cards for model reporting", FAT*.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from serflow import numbers
from serflow.export import card_results, card_use
from serflow.export.facts import Facts
from serflow.export.families import family
from serflow.export.markdown import block, bullets, code, escaped, header, quote, table
from serflow.export.settings import portable
from serflow.report import summary, text
from serflow.report.training import split_told, validation_told

LICENCES = {
    "cc0 1.0": "cc0-1.0",
    "cc by 4.0": "cc-by-4.0",
    "cc by-sa 4.0": "cc-by-sa-4.0",
    "cc by-nc 4.0": "cc-by-nc-4.0",
    "cc by-nd 4.0": "cc-by-nd-4.0",
    "cc by-nc-sa 4.0": "cc-by-nc-sa-4.0",
    "cc by-nc-nd 4.0": "cc-by-nc-nd-4.0",
}
"""Licence in words → its name on the hub."""
NOT_STATED = "not stated"
REMEDY = "set `corpus.licence` in the configuration"


def card(facts: Facts) -> str:
    """Return the card, the same text for the same run."""
    parts = [
        header(_header(facts)),
        f"# {escaped(facts.model)}",
        *_warnings(facts),
        _first(facts),
        _at_a_glance(facts),
        "## Model",
        *_model(facts),
        "## Data",
        *_data(facts),
        "## Protocol",
        *_protocol(facts),
        "## Results",
        *card_results.results(facts),
        "## Limits",
        bullets(card_use.limits(facts)),
        "## Intended use",
        bullets(card_use.intended(facts)),
        "## Not intended",
        *card_use.unintended(),
        "## How to use it",
        *card_use.usage(facts),
        "## Where it comes from",
        *_provenance(facts),
        "## How to cite",
        *_citation(facts),
    ]
    return "\n\n".join(parts) + "\n"


def _header(facts: Facts) -> dict[str, Any]:
    licence = facts.about.licence
    known = LICENCES.get(licence.lower())
    told: dict[str, Any] = {"license": known or "other"}
    if known is None:
        told["license_name"] = "licence-of-the-recordings"
    told["library_name"] = "onnx" if facts.checks else "skops"
    told["tags"] = [
        *("speech-emotion-recognition", "speech", "serflow", facts.settings["family"]),
        *(["synthetic-speech"] if facts.about.synthetic else []),
    ]
    if facts.target is None:
        told["pipeline_tag"] = "audio-classification"
    results = [
        {"type": kind, "name": name, "value": float(value)}
        for kind, name, value in card_results.for_header(facts)
    ]
    corpus = {"name": facts.about.name, "type": facts.corpus}
    task = {"type": "audio-classification", "name": "Speech emotion recognition"}
    told["model-index"] = [
        {
            "name": facts.model,
            "results": [{"task": task, "dataset": corpus, "metrics": results}],
        }
    ]
    return told


def _warnings(facts: Facts) -> list[str]:
    """Return what has to be known before any number, as the report says it."""
    notes = [quote(one["title"], escaped(one["text"])) for one in summary.warnings(facts.material)]
    if facts.by_speaker:
        notes.append(
            quote(
                "Knows the speaker",
                "This model standardises within each speaker: it takes several recordings of one "
                "speaker, and was tested that way.",
            )
        )
    return notes


def _first(facts: Facts) -> str:
    if facts.target is not None:
        does = f"estimates {escaped(facts.target)}, a number, of one recorded utterance"
    else:
        labels = text.joined(map(escaped, facts.labels))
        does = (
            f"gives each of {text.counted(len(facts.labels), 'label')} ({labels}) a probability, "
            "for one recorded utterance"
        )
    return (
        f"{escaped(facts.model)} {does}. It was trained and tested on {escaped(facts.about.name)} "
        f"by SERflow {facts.version}; this card was made from the tables of that run."
    )


def _at_a_glance(facts: Facts) -> str:
    rows = [
        ("Family", escaped(text.family(facts.settings["family"]))),
        ("Input", f"{escaped(facts.reads)}; the first {facts.seconds:g} s of a recording"),
        *card_results.first(facts),
        ("Tested on", f"{facts.scope}; no speaker is both in training and test"),
        ("Licence of the recordings", _licence(facts)),
    ]
    if facts.overlap:
        rows[-2] = ("Tested on", f"{facts.scope}; **speakers may be in training and test**")
    return table(("At a glance", ""), rows, words=2)


def _licence(facts: Facts) -> str:
    return escaped(facts.about.licence) if facts.about.licence else f"{NOT_STATED}: {REMEDY}"


def _model(facts: Facts) -> list[str]:
    told = family(facts.settings)
    many = len(facts.records)
    kind = "machines" if facts.svm else "networks"
    trained = f"{text.counted(facts.folds, 'fold')} and {text.counted(facts.seeds, 'seed')}"
    shown = [
        f"It is {told.what}." + (f" Source: {told.source}." if told.source else ""),
        f"There are {many} of them, one of each of {trained}: each was trained without the test "
        "clips of its fold. None is better founded than another, so asked about a new recording "
        f"all {kind} answer, and the mean counts. That mean itself was not tested: on the corpus "
        "each clip is scored only by those that had not heard its speaker."
        if many > 1
        else f"There is one, of {trained}.",
    ]
    sizes = sorted({int(row["parameters"]) for row in facts.records})
    parameters = numbers.count(sizes[0])
    if sizes[0] != sizes[-1]:
        parameters += f" to {numbers.count(sizes[-1])}"
    files = "`fold{f}_seed{s}.onnx`" if facts.checks else code(facts.model_files)
    rows = [
        ("Files", files),
        ("Input", escaped(facts.reads)),
        ("Output", _output(facts)),
        ("Parameters", f"{parameters} each"),
        *_normalised(facts),
        ("Device of the training", text.joined(sorted({row["device"] for row in facts.records}))),
    ]
    shown += [
        table(("", ""), rows, words=2),
        "Its settings:",
        block(text.outline(portable(facts.settings)), "yaml"),
    ]
    return shown


def _output(facts: Facts) -> str:
    if facts.target is not None:
        return f"an estimate of {escaped(facts.target)}, in the unit of the corpus' sheet"
    return "a probability of " + ", ".join(map(escaped, facts.labels)) + "; they sum to 1"


def _normalised(facts: Facts) -> list[tuple[str, str]]:
    if facts.preprocessing is None:
        return [("Scaling", code(str(facts.settings["scaling"])))]
    told = facts.preprocessing["normalisation"]
    place = "inside the ONNX files" if told["inside_onnx"] else "before the ONNX files"
    return [("Normalisation", f"{told['formula']} ({place})")]


def _data(facts: Facts) -> list[str]:
    material, about = facts.material, facts.about
    seconds = sum(numbers.value(row["seconds"]) for row in material.recordings)
    rates = sorted({int(row["rate"]) for row in material.recordings})
    told = [
        ("Corpus", escaped(about.name) + (f" ({escaped(facts.corpus)})")),
        ("Clips", f"{numbers.count(len(material.clips))}, {numbers.duration(seconds)} of sound"),
        ("Speakers", escaped(summary.speakers_told(material))),
        ("Sampling", f"{text.joined(map(numbers.count, rates))} Hz"),
        ("Speech", "synthesized; no person was recorded" if about.synthetic else _speech(facts)),
        ("Licence", _licence(facts)),
    ]
    if about.address:
        told.append(("Published", about.address))
    shown = [table(("", ""), told, words=2)]
    counts = Counter(row["label"] for row in material.clips)
    voices = {
        label: len({row["speaker"] for row in material.clips if row["label"] == label} - {""})
        for label in counts
    }
    if any(counts) and facts.target is None:
        rows = [
            (escaped(label), numbers.count(counts[label]), numbers.count(voices[label]))
            for label in sorted(counts)
        ]
        shown.append(table(("Label", "Clips", "Speakers"), rows))
    if about.licence and not about.synthetic:
        shown.append(
            "The recordings are not part of what lies here. Whether their licence reaches a model "
            "that was trained on them is not settled; whoever passes the model on should keep to "
            "it, and name the corpus."
        )
    return shown


def _speech(facts: Facts) -> str:
    if facts.material.config["corpus"]["adapter"] == "ravdess":
        return (
            "acted: professional actors say two sentences in North American English with the "
            "emotion that they were asked for, in a studio"
        )
    return "as the corpus' own description says; SERflow does not know it"


def _protocol(facts: Facts) -> list[str]:
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


def _provenance(facts: Facts) -> list[str]:
    told = facts.material.provenance
    commit = told.get("commit") or {}
    rows = [("SERflow", facts.version)]
    if commit.get("id"):
        changed = ", with uncommitted changes" if commit.get("modified") else ""
        rows.append(("Commit", f"{code(str(commit['id']))}{changed}"))
    corpus = told.get("corpus") or {}
    if corpus.get("fingerprint"):
        rows.append(("Fingerprint of the corpus", code(str(corpus["fingerprint"]))))
    packages = [
        f"{name} {version}"
        for name, version in (told.get("versions") or {}).items()
        if name != "SERflow"
    ]
    rows.append(("Packages", escaped(", ".join(packages))))
    return [
        table(("", ""), rows, words=2),
        "The same commit, configuration and recordings give the same numbers again, bit for bit on "
        "the same processor; `provenance.json` of the run holds the whole configuration.",
    ]


def _citation(facts: Facts) -> list[str]:
    told = [
        f"SERflow: The SERflow developers. SERflow: speech emotion recognition as one Snakemake "
        f"workflow, version {facts.version} (CITATION.cff)."
    ]
    if facts.about.citation:
        told.append(f"Recordings: {escaped(facts.about.citation)}.")
    else:
        told.append("Recordings: not stated: set `corpus.citation` in the configuration.")
    source = family(facts.settings).source
    if source:
        told.append(f"Model: {source}.")
    return [bullets(told)]
