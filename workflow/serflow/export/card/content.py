"""The whole card, and its first lines."""

from __future__ import annotations

from serflow.export.card import data, header, markdown, model, origin, protocol, results, use
from serflow.export.card.facts import Facts
from serflow.export.card.markdown import bullets, escaped, quote, table
from serflow.report import summary, text


def card(facts: Facts) -> str:
    """Return the card, the same text for the same run."""
    parts = [
        markdown.header(header.header(facts)),
        f"# {escaped(facts.model)}",
        *_warnings(facts),
        _first(facts),
        _at_a_glance(facts),
        "## Model",
        *model.model(facts),
        "## Data",
        *data.data(facts),
        "## Protocol",
        *protocol.protocol(facts),
        "## Results",
        *results.results(facts),
        "## Limits",
        bullets(use.limits(facts)),
        "## Intended use",
        bullets(use.intended(facts)),
        "## Not intended",
        *use.unintended(),
        "## How to use it",
        *use.usage(facts),
        "## Where it comes from",
        *origin.provenance(facts),
        "## How to cite",
        *origin.citation(facts),
    ]
    return "\n\n".join(parts) + "\n"


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
        *results.first(facts),
        ("Tested on", f"{facts.scope}; no speaker is both in training and test"),
        ("Licence of the recordings", data.licence(facts)),
    ]
    if facts.overlap:
        rows[-2] = ("Tested on", f"{facts.scope}; **speakers may be in training and test**")
    return table(("At a glance", ""), rows, words=2)
