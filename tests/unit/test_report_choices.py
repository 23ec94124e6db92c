"""What the report says of choices made on the training side."""

from __future__ import annotations

from small_report import LABELS, MODELS, Assemble, cells, section_of, tables


class TestChoices:
    def test_without_a_list_there_is_no_section(self, assemble: Assemble) -> None:
        assert "choices" not in [one["id"] for one in assemble()["sections"]]

    def test_sweep(self, assemble: Assemble) -> None:
        found = tables(MODELS, LABELS)
        found["choices"] = [
            {"model": "svm_sc", "fold": fold, "seed": "0", "chosen": chosen, "inner_uar": "0.6"}
            for fold, chosen in (("0", "mfcc9, rbf, C=10"), ("1", "mfcc9, rbf, C=10"))
        ]
        found["alternatives"] = [
            {
                "model": "svm_sc",
                "features": features,
                "kernel": "rbf",
                "C": penalty,
                "inner_uar": uar,
                "chosen": chosen,
                "runs": "2",
            }
            for features, penalty, uar, chosen in (
                ("mfcc10", "1", "0.5", "0"),
                ("mfcc10", "10", "", "0"),
                ("mfcc9", "1", "0.41", "0"),
                ("mfcc9", "10", "0.62", "2"),
            )
        ]
        shown = section_of(assemble(tables=found), "choices")
        assert shown["title"] == "Choices made on the training speakers"
        sweep = shown["blocks"][1]
        assert [column["title"] for column in sweep["columns"]] == [
            *("Features", "Kernel", "C = 1", "C = 10")
        ]
        assert cells(sweep) == [
            ["mfcc10", "rbf", "0.500", "–"],
            ["mfcc9", "rbf", "0.410", "0.620 (2×)"],
        ]
        assert [[item["strong"] for item in row] for row in sweep["rows"]] == [
            [False] * 4,
            [False, False, False, True],
        ]
        assert "of 2 folds it was chosen" in sweep["caption"]
        assert "Chosen: mfcc9, rbf, C=10 (2×)." in sweep["caption"]
