"""Baselines, ranks, calibration, attributes and spread in the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_report import (
    BASELINES,
    LABELS,
    MODELS,
    UAR,
    Assemble,
    cells,
    of_kind,
    section_of,
    tables,
)

from serflow.report import html


def texts(section: dict[str, Any]) -> str:
    return " ".join(block["text"] for block in section["blocks"] if block["kind"] == "paragraph")


def pictures(section: dict[str, Any]) -> list[dict[str, str]]:
    return [
        item for block in section["blocks"] if block["kind"] == "figures" for item in block["items"]
    ]


class TestBaselines:
    def test_every_table_of_all_models_has_both_below_in_grey(self, assemble: Assemble) -> None:
        assembled = assemble()
        found = [assembled["summary"][0]]
        for name in ("features", "cnn1d-results", "classes", "speakers", "attributes", "folds"):
            found += [
                block
                for block in section_of(assembled, name)["blocks"]
                if block["kind"] == "table"
                and block["columns"][0]["title"] == "Model"
                and "by seed" not in block["caption"]
            ]
        assert len(found) == 12
        for block in found:
            *models, chance, majority = block["rows"]
            assert (chance[0]["text"], majority[0]["text"]) == BASELINES, block["caption"]
            assert not any(item["muted"] for row in models for item in row)
            for row in (chance, majority):
                assert all(item["muted"] for item in row)
                assert not any(item["strong"] or item["tone"] or item["colour"] for item in row)

    def test_they_take_no_part_in_comparisons_costs_and_effects(self, assemble: Assemble) -> None:
        assembled = assemble()
        for name in ("comparisons", "cost", "augmentation", "ranks", "calibration"):
            for block in section_of(assembled, name)["blocks"]:
                if block["kind"] == "table":
                    assert not {row[0]["text"] for row in block["rows"]} & set(BASELINES)
                elif block["kind"] == "figures":
                    assert all("majority" not in item["alternative"] for item in block["items"])

    def test_one_that_beats_all_models_is_not_the_best(self, assemble: Assemble) -> None:
        found = tables(MODELS, LABELS)
        for row in found["models"][-2:]:
            row["uar"] = "0.99"
        first = assemble(tables=found)["summary"][0]["rows"]
        assert first[0][0]["text"] == "cnn2d_time_shift"
        assert first[0][0]["strong"]

    def test_they_are_grey_on_the_page(self, root: Path, assemble: Assemble) -> None:
        written = html.render(assemble(), root / "workflow" / "report" / "report.html.j2")
        assert '<th scope="row" class="left muted">chance</th>' in written
        assert "td.muted, tbody th.muted { color: var(--muted)" in written

    def test_no_speaker_is_the_best_of_one_who_guesses(self, assemble: Assemble) -> None:
        extremes = section_of(assemble(), "speakers")["blocks"][0]
        assert cells(extremes)[0] == ["cnn2d_time_shift", "0.300 (01)", "0.450", "0.600 (04)"]
        assert cells(extremes)[-1] == ["majority", "0.500", "0.500", "0.500"]


class TestRanks:
    def test_test_and_picture(self, assemble: Assemble) -> None:
        shown = section_of(assemble(), "ranks")
        assert "χ² = 7.2 with 4 degrees of freedom, p = 0.012." in texts(shown)
        assert "Each of 4 speakers ranks" in texts(shown)
        [picture] = pictures(shown)
        assert "corrected by Holm's method" in picture["caption"]
        assert "Nemenyi's critical difference is not used" in picture["caption"]
        assert picture["alternative"].startswith("Mean ranks: svm_sc 1.25, svm_sbe 2.25")

    def test_without_ranks_there_is_no_picture_and_it_says_why(self, assemble: Assemble) -> None:
        models = {name: MODELS[name] for name in ("svm_sc", "svm_sbe")}
        found = {**tables(models, LABELS), "ranks": []}
        # The file is there where the corpus has enough speakers, but the folds test too few.
        shown = section_of(assemble(models=models, tables=found, conclusions=[]), "ranks")
        assert "at least 3 models and 3 tested speakers" in texts(shown)
        assert "here are 2 models and 4 speakers, so there is no picture" in texts(shown)
        assert pictures(shown) == []

    def test_models_that_never_differ(self, assemble: Assemble) -> None:
        found = tables(MODELS, LABELS)
        for row in found["ranks"]:
            row.update(friedman="", p_value="")
        assert "there is nothing to test" in texts(section_of(assemble(tables=found), "ranks"))


class TestCalibration:
    def test_lowest_and_highest_error_are_named(self, assemble: Assemble) -> None:
        shown = section_of(assemble(), "calibration")
        assert "lowest ECE is that of svm_sbe (0.125), the highest that of cnn1d (0.250)" in texts(
            shown
        )
        [picture] = pictures(shown)
        assert picture["alternative"].endswith("cnn2d 0.250, cnn1d 0.250.")

    def test_one_model_has_no_extremes(self, assemble: Assemble) -> None:
        alone = assemble(models={"cnn1d": MODELS["cnn1d"]}, conclusions=[])
        assert "lowest" not in texts(section_of(alone, "calibration"))


class TestAttributes:
    def test_two_values_with_intervals_and_gap(self, assemble: Assemble) -> None:
        said = [{"id": "attributes", "text": "Gender makes the largest difference."}]
        _, sentence, by_gender = section_of(assemble(conclusions=said), "attributes")["blocks"]
        assert sentence["items"] == [said[0]["text"]]
        assert [column["title"] for column in by_gender["columns"]] == [
            *("Model", "female", "95\u202f% interval", "male", "95\u202f% interval", "Gap"),
        ]
        interval = "[0.375, 0.750]"
        assert cells(by_gender)[0] == [
            *("cnn2d_time_shift", "0.625", interval, "0.500", interval, "0.125"),
        ]
        assert cells(by_gender)[-1] == ["majority", "0.625", "", "0.500", "", "0.125"]
        assert "female: 4 clips, 2 speakers, 2 labels; male: 4 clips" in by_gender["caption"]

    @pytest.mark.parametrize(("values", "across"), [(3, [5]), (20, [9, 9, 8])])
    def test_many_values_are_cut_into_tables(
        self, assemble: Assemble, values: int, across: list[int]
    ) -> None:
        found = tables(MODELS, LABELS)
        found["per_attribute"] = [
            {**row, "attribute": "room", "value": f"{number:02}", "uar": f"0.{number + 10}"}
            for number in range(values)
            for row in found["per_attribute"][: len(MODELS)]
        ]
        _, *shown = section_of(assemble(tables=found, conclusions=[]), "attributes")["blocks"]
        assert [len(block["columns"]) for block in shown] == across
        # The gap is that over all values, in every part.
        assert {row[-1] for block in shown for row in cells(block)} == {f"{(values - 1) / 100:.3f}"}

    def test_without_attributes_there_is_no_section(self, assemble: Assemble) -> None:
        found = {**tables(MODELS, LABELS), "per_attribute": []}
        names = [one["id"] for one in assemble(tables=found)["sections"]]
        assert "attributes" not in names


def test_spread_over_seeds_stands_beside_that_over_folds(assemble: Assemble) -> None:
    spread = section_of(assemble(), "folds")["blocks"][0]
    titles = [column["title"] for column in spread["columns"]]
    assert titles == ["Model", "UAR", "Seeds", "SD over seeds", "Folds", "SD over folds"]
    rows = {row[0]: row[1:] for row in cells(spread)}
    # 0.0125 is stored in binary, a little above or below.
    assert rows["cnn1d"] == ["0.550", "2", f"{0.0125:.3f}", "2", "0.050"]
    assert rows["svm_sc"] == ["0.500", "1", "–", "2", "0.050"]


def test_areas_stand_with_the_results_by_label(assemble: Assemble) -> None:
    [areas] = [
        block
        for block in section_of(assemble(), "classes")["blocks"]
        if block["caption"].startswith("ROC-AUC")
    ]
    assert cells(areas)[0] == ["cnn2d_time_shift", "0.750", "0.750"]


def test_twenty_five_models_fill_no_more_columns_than_five(assemble: Assemble) -> None:
    few = [len(block["columns"]) for block in of_kind(assemble(), "table")]
    names = [f"svm_number_{number:02}" for number in range(25)]
    with pytest.MonkeyPatch.context() as patch:
        for place, name in enumerate(names):
            patch.setitem(UAR, name, 0.3 + place / 100)
        models = dict.fromkeys(names, MODELS["svm_sc"])
        many = assemble(models=models, conclusions=[])
    assert max(len(block["columns"]) for block in of_kind(many, "table")) <= max(few)
    colours = {row[0]["colour"] for row in many["summary"][0]["rows"]}
    assert len(colours) == 25 + 1
