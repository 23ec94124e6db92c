"""The section on single clips: players, probabilities and words, in the page and on paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typst
from PIL import Image
from small_report import HOSTILE, LABELS, MODELS, Assemble, of_kind, section_of

from serflow.report import html, pdf, text

ALL = [*LABELS, "Happy", "Sad", "Surprised", "Neutral"]


def shown(
    folder: Path, labels: list[str] = LABELS, audio: bool = True, **changed: Any
) -> dict[str, Any]:
    """Return what a run would leave for a training and a test clip a label, and one mistake."""
    cards = [
        {"clip": f"{role}/{label}.wav", "role": role, "label": label, "name": f"{role}{place}"}
        for role in ("train", "test")
        for place, label in enumerate(labels)
    ]
    mistaken = {"role": "mistake", "model": "cnn2d", "taken_for": labels[1]}
    cards.append({"clip": "wrong.wav", "label": labels[0], "name": "mistake1", **mistaken})
    likeliest = [0.003, 0.98, *[0.0] * (len(labels) - 2)]
    for card in cards:
        card |= {"speaker": "01", "seconds": 3.5, "rate": 48000, "cut": False}
        card["probabilities"] = dict.fromkeys(MODELS, likeliest)
        Image.new("L", (4, 4)).save(folder / f"{card['name']}.png")
        (folder / f"{card['name']}.mp3").write_bytes(card["name"].encode())
    return {
        "audio": audio,
        "most_seconds": 15.0,
        "window_seconds": 3.0,
        "labels": labels,
        "cards": cards,
        "folder": str(folder),
        **changed,
    }


def said(assembled: dict[str, Any]) -> str:
    return json.dumps(section_of(assembled, "clips"), ensure_ascii=False)


def with_audio(wanted: str, **corpus: str) -> dict[str, Any]:
    return {
        "corpus": {"name": "small", "adapter": "folder", **corpus},
        "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.25},
        "seeds": [0, 1],
        "evaluation": {"confidence": 0.95, "resamples": 10000},
        "report": {"title": "A comparison", "author": "", "audio": wanted},
    }


def test_a_report_without_clips_has_no_section(assemble: Assemble) -> None:
    assert "clips" not in {section["id"] for section in assemble()["sections"]}


def test_labels_stand_side_by_side_and_mistakes_behind(tmp_path: Path, assemble: Assemble) -> None:
    examples, mistakes = of_kind(assemble(shown=shown(tmp_path)), "clips")
    assert [item["title"] for item in examples["items"]] == [
        *("Angry, training clip", "Angry, test clip"),
        *("Calm, training clip", "Calm, test clip"),
    ]
    [mistake] = mistakes["items"]
    assert mistake["title"] == "Angry, taken for Calm"
    assert "cnn2d: Calm with 98" in mistake["facts"]
    numbers = [item["number"] for item in [*examples["items"], mistake]]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


def test_probabilities_of_all_models_the_best_first(tmp_path: Path, assemble: Assemble) -> None:
    [first, second, *_] = of_kind(assemble(shown=shown(tmp_path)), "clips")[0]["items"]
    table = first["table"]
    assert table["columns"] == ["Model", "Angry", "Calm"]
    assert [row[0]["text"] for row in table["rows"]][:2] == ["cnn2d_time_shift", "cnn2d"]
    # What is not nothing is not written as nothing.
    assert [one["text"] for one in table["rows"][0][1:]] == ["<1", "98"]
    assert [one["strong"] for one in table["rows"][0][1:]] == [False, True]
    assert "were trained on this clip" in table["caption"]
    assert "were not trained on this clip" in second["table"]["caption"]
    # On paper variants are left out.
    assert {row[0]["text"] for row in first["printed"]["rows"]} == {*MODELS} - {"cnn2d_time_shift"}


def test_many_labels_take_three_columns_on_paper(tmp_path: Path, assemble: Assemble) -> None:
    assembled = assemble(labels=ALL, shown=shown(tmp_path, sorted(ALL)))
    item = of_kind(assembled, "clips")[0]["items"][0]
    assert len(item["table"]["columns"]) == 7
    assert item["printed"]["columns"] == ["Model", "Angry", "Likeliest"]
    assert [one["text"] for one in item["printed"]["rows"][0][1:]] == ["<1", "Calm 98"]


def test_players_only_where_there_is_sound(root: Path, tmp_path: Path, assemble: Assemble) -> None:
    template = root / "workflow" / "report" / "report.html.j2"
    heard = html.render(assemble(shown=shown(tmp_path)), template)
    assert heard.count("<audio controls") == 5
    assert heard.count('src="data:audio/mpeg;base64,') == 5
    assert heard.count('<tr data-model="svm_sc">') == 5
    assert 'aria-label="Angry, test clip, speaker 01"' in heard
    assert "CC BY-NC-SA 4.0" in heard
    silent = html.render(
        assemble(shown=shown(tmp_path, audio=False), config=with_audio("by_licence")), template
    )
    assert "<audio" not in silent
    assert "data:audio" not in silent


def test_it_says_how_long_the_players_are(tmp_path: Path, assemble: Assemble) -> None:
    assembled = assemble(shown=shown(tmp_path, most_seconds=8.6))
    assert "MP3 copies of the recordings, of 8.6 s at most" in said(assembled)
    # A feature type of one's own may read all of a recording.
    assert "first 3.0 s, which is what networks and the built-in features are given" in said(
        assembled
    )


@pytest.mark.parametrize(
    ("config", "why"),
    [
        (with_audio("never", licence="CC0"), "`report.audio: never`"),
        (with_audio("by_licence"), "Set `corpus.licence`"),
        (with_audio("by_licence", licence="for research only"), "for research only, is none that"),
    ],
)
def test_why_nothing_can_be_heard(
    tmp_path: Path, assemble: Assemble, config: dict[str, Any], why: str
) -> None:
    assert why in said(assemble(shown=shown(tmp_path, audio=False), config=config))


def test_clips_of_a_corpus_without_labels(tmp_path: Path, assemble: Assemble) -> None:
    """Where all models estimate numbers, there are no labels and no probabilities."""
    found = shown(tmp_path, labels=["", "b"])
    found["cards"] = [card for card in found["cards"] if card["label"] == ""][:2]
    for card in found["cards"]:
        card["probabilities"] = {}
    found["labels"] = []
    [block] = of_kind(assemble(shown=found), "clips")
    assert [item["title"] for item in block["items"]] == [
        "no label, training clip",
        "no label, test clip",
    ]
    assert all(item["table"] is None and item["printed"] is None for item in block["items"])


def test_hostile_names_are_text_in_page_and_print(
    root: Path, tmp_path: Path, assemble: Assemble
) -> None:
    found = shown(tmp_path, labels=sorted(HOSTILE))
    for card, name in zip(found["cards"], HOSTILE, strict=False):
        card |= {"clip": name, "speaker": name}
    assembled = assemble(labels=HOSTILE, shown=found)
    written = html.render(assembled, root / "workflow" / "report" / "report.html.j2")
    assert "<script>alert" not in written
    assert "<img src=x" not in written
    pdf.render(assembled, root / "workflow" / "report" / "report.typ", tmp_path / "report.pdf")
    assert text.printable(HOSTILE[0]) in said(assembled)


def test_the_print_has_the_pictures_and_their_numbers(
    root: Path, tmp_path: Path, assemble: Assemble
) -> None:
    assembled = assemble(shown=shown(tmp_path))
    template = root / "workflow" / "report" / "report.typ"
    folder = tmp_path / "print"
    folder.mkdir()
    document = pdf.lay_out(assembled, template, folder)
    found = json.loads(typst.query(str(document), "figure", root=str(folder)))
    pictured = [item for kind in ("figures", "clips") for item in of_kind(assembled, kind)]
    wanted = sum(len(block["items"]) for block in pictured)
    assert sum(item["kind"] == "image" for item in found) == wanted
    assert not list(folder.glob("*.mp3"))
