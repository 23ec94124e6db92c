"""The report of any set of families: without SVMs, without the sheet's networks, with others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_report import LABELS, MODELS, UAR, Assemble, cells, section_of, tables

from serflow.evaluation.conclusions import conclude
from serflow.report import html, pdf

OTHERS: dict[str, dict[str, Any]] = {
    "crnn": {
        "family": "crnn",
        "augmentation": "none",
        "variant_of": "crnn",
        "select": "best",
        "epochs": 40,
    },
    "crnn_masks": {
        "family": "crnn",
        "augmentation": "masks",
        "variant_of": "crnn",
        "select": "best",
        "epochs": 40,
    },
    "unheard_of": {
        "family": "unheard_of",
        "augmentation": "none",
        "variant_of": "unheard_of",
        "select": "last",
        "epochs": 5,
    },
}


@pytest.fixture
def scores(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name in enumerate(OTHERS):
        monkeypatch.setitem(UAR, name, 0.62 + place / 100)


def chosen(*names: str) -> dict[str, dict[str, Any]]:
    return {name: {**MODELS, **OTHERS}[name] for name in names}


@pytest.mark.usefixtures("scores")
@pytest.mark.parametrize(
    "names",
    [
        ("cnn1d", "cnn2d", "cnn2d_time_shift"),
        ("svm_sc", "cnn2d"),
        ("svm_sc", "svm_sbe", "cnn1d"),
        ("crnn",),
        ("svm_sc", "crnn", "crnn_masks", "unheard_of"),
        ("cnn1d", "cnn2d", "svm_sbe", "unheard_of"),
    ],
)
def test_concluded_and_set_in_both_layouts(
    root: Path, tmp_path: Path, assemble: Assemble, names: tuple[str, ...]
) -> None:
    models = chosen(*names)
    found = tables(models, LABELS)
    said = conclude(found, {name: {"epochs": 3, **own} for name, own in models.items()})
    assembled = assemble(models=models, conclusions=said)
    page = html.render(assembled, root / "workflow" / "report" / "report.html.j2")
    assert all(name in page for name in names)
    pdf.render(assembled, root / "workflow" / "report" / "report.typ", tmp_path / "report.pdf")
    letters = "".join(one["letter"] for one in assembled["sections"])
    assert letters == "abcdefgh"
    absent = [
        one["letter"]
        for one in assembled["sections"]
        if "No model of this kind was configured" in json.dumps(one)
    ]
    kinds = {own["family"] for own in models.values()}
    wanted = [
        *("b" if "svm" not in kinds else ""),
        *("cd" if "cnn1d" not in kinds else ""),
        *("fg" if "cnn2d" not in kinds else ""),
    ]
    assert absent == wanted


@pytest.mark.usefixtures("scores")
def test_other_networks_have_a_section_of_their_own(assemble: Assemble) -> None:
    models = chosen("svm_sc", "cnn1d", *OTHERS)
    said = [
        {"id": "network:cnn1d:all", "text": "cnn1d does not."},
        {"id": "opinion:crnn", "text": "Masks help crnn."},
    ]
    assembled = assemble(models=models, conclusions=said)
    shown = section_of(assembled, "further-networks")
    results = next(block for block in shown["blocks"] if block["kind"] == "table")
    assert [row[:3] for row in cells(results)] == [
        ["unheard_of", "signal", "0.640"],
        ["crnn", "signal", "0.620"],
        ["chance", "–", "0.500"],
        ["majority", "–", "0.500"],
    ]
    words = json.dumps(shown)
    assert "cnn1d does not." not in words
    assert "Learning curves of crnn:" in words
    assert "Confusion matrix of unheard_of:" in words
    # Variants stand where those of the sheet's networks do, and so do opinions.
    assert "crnn_masks" not in words
    assert "Confusion matrix of crnn_masks:" in json.dumps(section_of(assembled, "variants"))
    assert "Masks help crnn." in json.dumps(section_of(assembled, "augmentation"))


def test_without_other_networks_there_is_no_such_section(assemble: Assemble) -> None:
    assert "further-networks" not in [one["id"] for one in assemble()["sections"]]
