"""The header of a card, which the Hugging Face hub reads."""

from __future__ import annotations

from typing import Any

from serflow.export.card import results
from serflow.export.card.facts import Facts

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


def header(facts: Facts) -> dict[str, Any]:
    """Return the header's keys."""
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
    measured = [
        {"type": kind, "name": name, "value": float(value)}
        for kind, name, value in results.for_header(facts)
    ]
    corpus = {"name": facts.about.name, "type": facts.corpus}
    task = {"type": "audio-classification", "name": "Speech emotion recognition"}
    told["model-index"] = [
        {
            "name": facts.model,
            "results": [{"task": task, "dataset": corpus, "metrics": measured}],
        }
    ]
    return told
