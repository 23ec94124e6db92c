"""What the report says, section by section."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from small_report import LABELS, MODELS, UAR, Assemble, cells, of_kind, section_of, tables


class TestContent:
    def test_is_plain_data(self, assemble: Assemble) -> None:
        assembled = assemble()
        assert json.loads(json.dumps(assembled)) == assembled

    def test_letters_come_in_the_order_of_the_sheet(self, assemble: Assemble) -> None:
        letters = [one["letter"] for one in assemble()["sections"]]
        assert "".join(letters) == "abcdefgh"
        assert letters.index("h") == 7

    def test_first_table_lists_all_models_the_best_first(self, assemble: Assemble) -> None:
        first = assemble()["summary"][0]
        names = [row[0] for row in cells(first)]
        assert names == [
            *("cnn2d_time_shift", "cnn2d", "svm_sbe", "cnn1d", "svm_sc"),
            *("chance", "majority"),
        ]
        assert cells(first)[0] == [
            *("cnn2d_time_shift", "2D\u00a0CNN", "signal", "0.700", "[0.600, 0.800]"),
            *("0.710", "0.690", "0.900", "0.250"),
        ]
        assert "16 test clips, 4 speakers, 2 folds and 1 or 2 seeds" in first["caption"]
        assert [row[0]["strong"] for row in first["rows"]] == [True, *[False] * 6]

    def test_headings_of_the_first_table_leave_room_for_all_columns(
        self, root: Path, assemble: Assemble
    ) -> None:
        columns = [column["title"] for column in assemble()["summary"][0]["columns"]]
        assert len(columns) == 9
        assert max(len(word) for title in columns for word in title.split()) <= len("Parameters")
        # Headings may break between words, numbers may not.
        page = (root / "workflow" / "report" / "page" / "style.css").read_text(encoding="utf-8")
        [unbroken] = re.findall(r"([^{}]*\.right[^{}]*)\{[^}]*white-space: nowrap", page)
        assert unbroken.strip() == "td.right"

    def test_conclusions_stand_on_the_first_page_and_in_their_sections(
        self, assemble: Assemble
    ) -> None:
        assembled = assemble()
        [first] = [block for block in assembled["summary"] if block["kind"] == "list"]
        assert first["items"] == [
            "cnn2d_time_shift scored highest.",
            "Shifting helps.",
            "cnn1d falls short.",
        ]
        said = [
            block["items"]
            for block in section_of(assembled, "augmentation")["blocks"]
            if block["kind"] == "list"
        ]
        assert said == [["Shifting helps."], ["A shift adds 0.050."]]

    def test_best_feature_type_is_named(self, assemble: Assemble) -> None:
        [told] = [
            block["text"]
            for block in section_of(assemble(), "features")["blocks"]
            if block["kind"] == "paragraph"
        ]
        assert "UAR is spectral band energy (SBE), model svm_sbe (accuracy 0.610" in told
        assert "lowest UAR is that of spectral centroid (SC), model svm_sc" in told

    def test_effect_of_an_augmentation_is_variant_less_base(self, assemble: Assemble) -> None:
        [effect] = [
            block
            for block in section_of(assemble(), "augmentation")["blocks"]
            if block["kind"] == "table"
        ]
        assert cells(effect) == [["time shift", "0.700", "+0.050", "[0.000, +0.070]", "0.004"]]

    def test_comparisons_put_the_best_model_first(self, assemble: Assemble) -> None:
        with_best, others = (
            block
            for block in section_of(assemble(), "comparisons")["blocks"]
            if block["kind"] == "table"
        )
        assert {row[0] for row in cells(with_best)} == {"cnn2d_time_shift"}
        assert cells(with_best)[0][1:4] == ["svm_sc", "+0.200", "[+0.150, +0.220]"]
        assert (len(with_best["rows"]), len(others["rows"])) == (4, 6)

    def test_cost_is_summed_by_rule(self, assemble: Assemble) -> None:
        _, size, cost = section_of(assemble(), "cost")["blocks"]
        assert cells(size)[0] == ["cnn2d_time_shift", "12\u202f345", "1.25", "0.500"]
        assert len(size["rows"]) == len(MODELS)
        assert cells(cost) == [
            ["evaluate", "1", "2 h 01 min", "2 h 01 min", "100"],
            ["train_svm", "2", "1 min 02 s", "1 min 00 s", "310"],
        ]

    def test_numbers_of_figures_and_tables_run_on(self, assemble: Assemble) -> None:
        assembled = assemble()
        numbers = [
            item["number"] for block in of_kind(assembled, "figures") for item in block["items"]
        ]
        assert numbers == list(range(1, len(numbers) + 1))
        numbers = [block["number"] for block in of_kind(assembled, "table")]
        assert numbers == list(range(1, len(numbers) + 1))

    def test_figures_that_were_not_made_are_left_out(self, assemble: Assemble) -> None:
        assembled = assemble(figures={})
        assert of_kind(assembled, "figures") == []
        assert section_of(assembled, "spectrograms")["blocks"][0]["kind"] == "paragraph"

    def test_only_svms(self, assemble: Assemble) -> None:
        models = {name: MODELS[name] for name in ("svm_sc", "svm_sbe")}
        assembled = assemble(models=models)
        for name in (
            "cnn1d-curves",
            "cnn1d-results",
            "cnn2d-curves",
            "cnn2d-results",
            "augmentation",
        ):
            assert [block["kind"] for block in section_of(assembled, name)["blocks"]] == [
                "paragraph"
            ]

    def test_only_augmented_variants(self, assemble: Assemble) -> None:
        models = {
            "cnn2d_time_shift": MODELS["cnn2d_time_shift"],
            "cnn2d_noise": {**MODELS["cnn2d_time_shift"], "augmentation": "noise"},
            "cnn1d_gain": {**MODELS["cnn1d"], "augmentation": "gain"},
        }
        said = [{"id": "network:cnn1d:spectral", "text": "cnn1d_gain falls short."}]
        with pytest.MonkeyPatch.context() as patch:
            for name in models:
                patch.setitem(UAR, name, 0.7 if name == "cnn2d_noise" else 0.5)
            assembled = assemble(models=models, conclusions=said)
        for name, model, other in (
            ("cnn2d", "cnn2d_time_shift", "cnn2d_noise"),
            ("cnn1d", "cnn1d_gain", "cnn2d"),
        ):
            for part in ("curves", "results"):
                blocks_of = section_of(assembled, f"{name}-{part}")["blocks"]
                assert f"{name} was trained with augmentation only" in blocks_of[0]["text"]
                [shown] = [block for block in blocks_of if block["kind"] == "figures"]
                assert model in shown["items"][0]["caption"]
                assert other not in json.dumps(blocks_of)
        told = [
            block["items"]
            for block in section_of(assembled, "cnn1d-results")["blocks"]
            if block["kind"] == "list"
        ]
        assert told == [["cnn1d_gain falls short."]]
        # What stands in for a network is not shown twice.
        in_detail = json.dumps(section_of(assembled, "variants"))
        assert "cnn2d_noise" in in_detail
        assert "cnn2d_time_shift" not in in_detail
        [opinion] = section_of(assembled, "augmentation")["blocks"]
        told = "cnn2d and cnn1d were trained with augmentation only, so there is nothing"
        assert opinion["text"].startswith(told)

    def test_one_model_has_no_comparisons(self, assemble: Assemble) -> None:
        assembled = assemble(models={"cnn1d": MODELS["cnn1d"]}, conclusions=[])
        names = [one["id"] for one in assembled["sections"]]
        assert "comparisons" not in names
        assert "variants" not in names

    def test_many_speakers_are_cut_into_tables_or_left_to_the_file(
        self, assemble: Assemble
    ) -> None:
        def by_speaker(number: int) -> list[dict[str, Any]]:
            found = tables(MODELS, LABELS)
            found["per_speaker"] = [
                {"model": name, "speaker": f"{speaker:03}", "uar": "0.5"}
                for name in MODELS
                for speaker in range(number)
            ]
            return section_of(assemble(tables=found), "speakers")["blocks"]

        _, drawn, *listed = by_speaker(24)
        assert drawn["kind"] == "chart"
        assert [len(block["columns"]) - 1 for block in listed] == [12, 12]
        assert [block["kind"] for block in by_speaker(1000)] == ["table", "paragraph"]
