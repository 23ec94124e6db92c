"""The section on what answers hang on: words, figures and a table, in page and print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from small_report import HOSTILE, LABELS, MODELS, SVG, Assemble, cells, of_kind, section_of, tables

from serflow.report import html, pdf


def given(folder: Path, parts: int = 2, name: str = "wrong") -> dict[str, Any]:
    figures = {}
    for place, figure in enumerate(("explanation/cnn2d", "importance")):
        figures[figure] = folder / f"e{place}.svg"
        figures[figure].write_text(SVG, encoding="utf-8")
    one = {"features": "sc", "uar": "0.5", "repeats": "5", "clips": "16", "unit": "speakers"}
    rows = [
        {"model": "svm_sc", "part": f"band {place}", "drop": f"0.0{place}", **one}
        | {"low": f"{place / 100 - 0.015:.3f}", "high": "0.09"}
        for place in range(1, parts + 1)
    ]
    clip = {"clip": f"a/{name}.wav", "label": "Angry", "predicted": "Calm", "rival": "Angry"}
    return {
        "figures": figures,
        "explanations": {"cnn2d": {"clips": [clip], "gap": 0.018, "untrained": 0.62}},
        "tables": {**tables(MODELS, LABELS), "importance": rows},
    }


def test_a_report_without_explanations_has_no_section(assemble: Assemble) -> None:
    assert "explanations" not in {section["id"] for section in assemble()["sections"]}


def test_it_says_what_a_picture_is_worth(tmp_path: Path, assemble: Assemble) -> None:
    assembled = assemble(**given(tmp_path))
    section = section_of(assembled, "explanations")
    said = json.dumps(section, ensure_ascii=False)
    assert "Likeness to an untrained network: 0.62, which is much." in said
    assert "does not show why" in said
    assert "as quiet everywhere as at its quietest point" in said
    assert "silence" not in said
    cited = json.dumps(section_of(assembled, "citing"))
    assert all(title in cited for title in ("Axiomatic attrib", "Sanity checks", "Random forests"))
    assert "Axiomatic" not in json.dumps(section_of(assemble(), "citing"))
    # Over how many clips, speakers, folds and seeds, in figure and table.
    assert "resample speakers and leave the dealings as they are" in said
    assert said.count("Over 16 test clips, 4 speakers, 2 folds and 1 seed.") == 2
    # The one other SVM has no row: it chose other features in other folds.
    assert "in other folds: svm_sbe." in said
    [pictured, weighed] = [block for block in section["blocks"] if block["kind"] == "figures"]
    assert pictured["items"][0]["model"] == "cnn2d"
    assert "wrong.wav, Angry, for Calm rather than Angry" in pictured["items"][0]["alternative"]
    assert "svm_sc band 2 +0.020" in weighed["items"][0]["alternative"]
    [table] = [block for block in section["blocks"] if block["kind"] == "table"]
    assert [row[:3] for row in cells(table)] == [
        ["svm_sc", "band 2", "+0.020"],
        ["svm_sc", "band 1", "+0.010"],
    ]
    assert [row[2]["strong"] for row in table["rows"]] == [True, False]


def test_it_says_so_where_every_machine_chose_other_features(assemble: Assemble) -> None:
    assembled = assemble(tables={**tables(MODELS, LABELS), "importance": []})
    said = json.dumps(section_of(assembled, "explanations"))
    assert "every SVM chose other features in other folds" in said


def test_each_kind_of_input_has_its_silence(tmp_path: Path, assemble: Assemble) -> None:
    parts = given(tmp_path)
    [facts] = parts["explanations"].values()
    both = {**parts, "explanations": {"cnn1d": facts, "cnn2d": facts}}
    said = json.dumps(section_of(assemble(**both), "explanations"))
    assert "compared with silence (of a signal) or a clip as quiet everywhere" in said


def test_of_many_parts_the_weightiest_are_listed(tmp_path: Path, assemble: Assemble) -> None:
    assembled = assemble(**given(tmp_path, parts=41))
    [table] = [
        block
        for block in section_of(assembled, "explanations")["blocks"]
        if block["kind"] == "table"
    ]
    assert len(table["rows"]) == 3
    assert "The 3 weightiest" in table["caption"]


def test_page_and_print_take_it(root: Path, tmp_path: Path, assemble: Assemble) -> None:
    assembled = assemble(**given(tmp_path, name=HOSTILE[1]))
    template = root / "workflow" / "report"
    written = html.render(assembled, template / "report.html.j2")
    assert "<img src=x" not in written
    pdf.render(assembled, template / "report.typ", tmp_path / "report.pdf")
    assert of_kind(assembled, "figures")
