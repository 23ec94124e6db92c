"""Warnings at the head of the report, and the reading aid at its end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_report import HEARD, LABELS, MODELS, Assemble, cells, section_of, tables


class TestReading:
    @pytest.mark.parametrize(("confidence", "bold"), [(0.95, False), (0.9, True)])
    def test_bold_differences_follow_the_level(
        self, assemble: Assemble, confidence: float, bold: bool
    ) -> None:
        found = tables(MODELS, LABELS)
        for row in found["comparisons"]:
            row["p_holm"] = "0.08"
        config = {
            "corpus": {"name": "small", "adapter": "ravdess"},
            "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.25},
            "seeds": [0, 1],
            "evaluation": {"confidence": confidence, "resamples": 10000},
            "report": {"title": "A comparison", "author": ""},
        }
        told, with_best, _ = section_of(assemble(tables=found, config=config), "comparisons")[
            "blocks"
        ]
        assert f"below {1 - confidence:.2g} " in told["text"]
        marked = {row[1]["text"]: row[2]["strong"] for row in with_best["rows"]}
        assert marked["svm_sc"] is bold
        # The interval of the difference from cnn2d has zero on its edge.
        assert marked["cnn2d"] is False

    def test_the_reference_of_reaches_is_favoured(self, assemble: Assemble) -> None:
        told = json.dumps(section_of(assemble(), "reading"))
        assert "Choosing that SVM by its test score slightly favours it." in told
        alone = {"svm_sc": MODELS["svm_sc"]}
        told = json.dumps(section_of(assemble(models=alone, conclusions=[]), "reading"))
        assert "favours" not in told


class TestWarnings:
    def titles(self, assembled: dict[str, Any]) -> list[tuple[str, str]]:
        return [(block["level"], block["title"]) for block in assembled["warnings"]]

    def test_synthetic_corpus(self, assemble: Assemble) -> None:
        assert ("error", "Synthetic corpus") in self.titles(assemble(adapter="demo"))
        assert self.titles(assemble()) == [("warning", "Few speakers")]

    def test_shared_speakers(self, assemble: Assemble) -> None:
        finding = {
            "fold": "0",
            "kind": "speaker",
            "severity": "allowed",
            "what": "speaker 01 is in 2 roles",
            "roles": "train, test",
            "clips": "01/00",
        }
        assembled = assemble(leakage=[finding])
        level, title = self.titles(assembled)[0]
        assert (level, "same voices" in title) == ("error", True)
        assert "speaker 01 is in 2 roles" in assembled["warnings"][0]["text"]
        assert cells(section_of(assembled, "separation")["blocks"][-1]) == [list(finding.values())]

    def test_unknown_speakers(self, assemble: Assemble) -> None:
        found = tables(MODELS, LABELS)
        for row in found["comparisons"]:
            row["unit"] = "clips"
        assert self.titles(assemble(tables=found)) == [("warning", "Speakers not known")]

    def test_silent_recordings(self, assemble: Assemble) -> None:
        recordings = [
            {"clip": "01/00", "seconds": "1", "rate": "8000", **HEARD, "verdict": verdict}
            for verdict in ("ok", "silent", "silent")
        ]
        told = assemble(recordings=recordings)["warnings"][-1]["text"]
        assert told.startswith("2 of 3 recordings: silent (2)")
