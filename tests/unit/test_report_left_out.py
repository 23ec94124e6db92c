"""What the report says of recordings that were left out, and of where its numbers come from."""

from __future__ import annotations

import json

from small_report import HEARD, Assemble, cells, section_of


def test_they_are_counted_by_label_and_reason_and_are_part_of_nothing(assemble: Assemble) -> None:
    reasons = {"x/1": "is empty (0 bytes)", "x/2": "is empty (0 bytes)", "x/3": "is not a WAV file"}
    labels = {"x/1": "Angry", "x/2": "Angry", "x/3": "Calm"}
    good = {"clip": "01/00", "label": "Angry", "speaker": "01"}
    bad = [{"clip": clip, "label": label, "speaker": "09"} for clip, label in labels.items()]
    known = {"seconds": "3.5", "rate": "48000", **HEARD, "verdict": "ok", "reason": ""}
    unknown = {"seconds": "", "rate": "", "verdict": "unusable"}
    assembled = assemble(
        clips=[good, *bad],
        recordings=[
            {"clip": "01/00", **known},
            *({"clip": clip, **unknown, "reason": reason} for clip, reason in reasons.items()),
        ],
    )
    [warning] = [note for note in assembled["warnings"] if note["title"] == "Recordings left out"]
    assert warning["level"] == "error"
    assert warning["text"].startswith("3 of 4 recordings could not be used")
    assert "Angry (2), Calm (1)" in warning["text"]
    table = section_of(assembled, "corpus")["blocks"][-1]
    assert cells(table) == [
        ["Angry", "is empty (0 bytes)", "x/1", "2"],
        ["Calm", "is not a WAV file", "x/3", "1"],
    ]
    counted = {item["term"]: item["text"] for item in assembled["facts"][0]["items"]}
    assert counted["Clips"].startswith("1 (3.5 s")
    assert counted["Speakers"] == "1"


def test_nothing_is_said_where_all_can_be_used(assemble: Assemble) -> None:
    assembled = assemble()
    assert "Recordings left out" not in [note["title"] for note in assembled["warnings"]]
    assert "excluded.tsv" not in json.dumps(section_of(assembled, "corpus"))


def test_the_numbers_have_an_origin(assemble: Assemble) -> None:
    blocks = section_of(assemble(), "provenance")["blocks"]
    [items] = [block["items"] for block in blocks if block["kind"] == "definitions"]
    origin = {item["term"]: item["text"] for item in items}
    assert origin == {
        "Code": "commit 0123456789abcdef with changes since",
        "Recordings": "16 clips, fingerprint fedcba9876543210",
        "Processor": "A chip, 2 cores",
        "Memory": "16 GiB",
        "System": "Linux",
        "Networks trained on": "cpu",
        "Trainings": "3, of 2 models",
    }
