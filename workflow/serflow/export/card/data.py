"""The recordings on a card: how many, by whom, and under which licence."""

from __future__ import annotations

from collections import Counter

from serflow import numbers
from serflow.export.card.facts import Facts
from serflow.export.card.markdown import escaped, table
from serflow.report import summary, text

NOT_STATED = "not stated"
REMEDY = "set `corpus.licence` in the configuration"


def licence(facts: Facts) -> str:
    """Return the licence of the recordings, or what would tell it."""
    return escaped(facts.about.licence) if facts.about.licence else f"{NOT_STATED}: {REMEDY}"


def data(facts: Facts) -> list[str]:
    """Return the tables of the corpus and of its labels."""
    material, about = facts.material, facts.about
    seconds = sum(numbers.value(row["seconds"]) for row in material.recordings)
    rates = sorted({int(row["rate"]) for row in material.recordings})
    told = [
        ("Corpus", escaped(about.name) + (f" ({escaped(facts.corpus)})")),
        ("Clips", f"{numbers.count(len(material.clips))}, {numbers.duration(seconds)} of sound"),
        ("Speakers", escaped(summary.speakers_told(material))),
        ("Sampling", f"{text.joined(map(numbers.count, rates))} Hz"),
        ("Speech", "synthesized; no person was recorded" if about.synthetic else _speech(facts)),
        ("Licence", licence(facts)),
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
