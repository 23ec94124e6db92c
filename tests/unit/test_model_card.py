"""Model cards: what they say, from small tables, and names that must not become Markdown."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from small_report import HOSTILE, LABELS, MODELS, PROVENANCE, SPEAKERS, tables

from serflow.characters import cleaned
from serflow.errors import UserError
from serflow.evaluation.regression_table import COLUMNS
from serflow.export.card.content import card
from serflow.export.card.facts import Facts
from serflow.export.card.markdown import code, escaped
from serflow.export.preprocessing import describe
from serflow.report.material import Material

TOLD = {**PROVENANCE, "versions": {"SERflow": "0.0.1", "numpy": "2.0.0"}}
EXTRACTION = {"spectrogram.hop_seconds": 0.015, "spectrogram.frames": 200}
CHECKS = [
    {"network": name, "clips": "8", "difference": d, "stored_difference": "2e-06", "alike": "8"}
    for name, d in (("fold0_seed0", "1.5e-07"), ("fold1_seed0", "3e-07"))
]


def facts(
    model: str = "cnn1d",
    adapter: str = "ravdess",
    labels: list[str] = LABELS,
    speakers: list[str] = SPEAKERS,
    **changed: Any,
) -> Facts:
    """Return what a small run tells of one of its models; keywords change the material."""
    models = {name: {"scaling": "standard", **settings} for name, settings in MODELS.items()}
    models["cnn1d"] |= {"rate": 8000, "normalisation": "clip"}
    clips = [
        {"clip": f"{speaker}/{label}", "label": label, "speaker": speaker}
        for speaker in speakers
        for label in labels
    ]
    made = tables(models, labels)
    made["confusion"] = [
        {"model": name, "label": one, "predicted": other, "count": "1", "share": "0.25"}
        for name in models
        for one in labels
        for other in labels
    ]
    given: dict[str, Any] = {
        "config": {
            "corpus": {"name": "small", "adapter": adapter},
            "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.25},
            "seeds": [0, 1],
            "evaluation": {"confidence": 0.95, "resamples": 10000},
            "spectrogram": {"frames": 200, "hop_seconds": 0.015},
        },
        "settings": models,
        "clips": clips,
        "recordings": [
            {"clip": row["clip"], "seconds": "3.5", "rate": "48000", "verdict": "ok"}
            for row in clips
        ],
        "excluded": [],
        "splits": [{"clip": row["clip"], "fold": "0", "role": "test"} for row in clips],
        "leakage": [],
        "tables": made,
        "conclusions": [],
        "benchmarks": [],
        "provenance": TOLD,
        "figures": {},
    }
    records = [{"device": "cpu", "parameters": 12345}] * 2
    if models[model]["family"] == "svm":
        return Facts(Material(**{**given, **changed}), model, records)
    told = describe(
        {**models["cnn1d"], "family": "cnn1d"},
        EXTRACTION,
        labels,
        (24120,),
        [48000],
        {row["network"]: {"kind": "clip"} for row in CHECKS},
    )
    return Facts(Material(**{**given, **changed}), model, records, told, CHECKS)


def header(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return found


def test_a_card_names_the_version_that_trained_the_model() -> None:
    """It may be written by a later one."""
    text = card(facts())
    assert text.count("SERflow 0.0.1") == 1
    assert "| SERflow | 0.0.1 |" in text
    assert "version 0.0.1 (CITATION.cff)" in text


def test_a_network_s_card_says_what_its_readers_ask_for() -> None:
    text = card(facts())
    told = header(text)
    assert told["license"] == "cc-by-nc-sa-4.0"
    (result,) = told["model-index"][0]["results"]
    assert [one["value"] for one in result["metrics"]] == [0.55, 0.56, 0.54]
    for wanted in (
        "| UAR | **0.550**, 95\u202f% interval [0.450, 0.650] over speakers; a guess reaches 0.500",
        "16 test clips, 4 speakers, 2 folds and 2 seeds",
        "The interval holds what a guess reaches, so this run does not show",
        "By UAR it is number 4 of 5 models of its run. cnn2d_time_shift has the highest, 0.700",
        "| Angry | 0.500 | 0.400 | – | 4 | Calm (25\u202f%) |",
        "| 0.300 (01) | 0.450 | 0.600 (04) | 4 |",
        "| gender | female | 0.625 | [0.375, 0.750] | 4 | 2 |",
        "differ from torch's by at most 3.0e-07",
        "the same for 16 of 16",
        "CC BY-NC-SA 4.0",
        "Livingstone",
        "whole speakers dealt to them",
        "Nothing was fitted or chosen on a fold's test speakers",
        "first 3.015 s",
        "The emotions are acted",
        "4 speakers are few",
        "no speaker is both in training and test",
        "this run knows, beside their names, gender; whatever else",
        "Article 5(1)(f)",
        "python -m serflow predict my.wav --model results/small/models/cnn1d",
        "`0123456789abcdef`, with uncommitted changes",
    ):
        assert wanted in text, wanted
    assert card(facts()) == text


def test_a_machine_s_card_names_its_files_and_offers_no_onnx() -> None:
    text = card(facts("svm_sbe"))
    assert "`results/small/models/svm_sbe/fold*_seed*.skops`" in text
    assert "spectral band energy (SBE)" in text
    assert "inner folds over training speakers" in text
    assert "onnxruntime" not in text
    assert header(text)["library_name"] == "skops"


def test_a_synthetic_corpus_is_told_first_and_again() -> None:
    text = card(facts(adapter="demo"))
    assert text.index("Synthetic corpus") < text.index("## Model")
    assert "nothing here says how the model does on people's voices" in text
    assert "Trying out on recordings of people" not in text
    assert header(text)["license"] == "other"
    assert "synthetic-speech" in header(text)["tags"]


def test_a_licence_that_nobody_told_is_not_made_up() -> None:
    text = card(facts(adapter="folder"))
    assert "not stated: set `corpus.licence`" in text
    assert "not stated: set `corpus.citation`" in text
    assert header(text)["license"] == "other"


def test_voices_on_both_sides_are_told_in_every_place() -> None:
    shared = {"kind": "speaker", "severity": "allowed", "what": "speaker 01", "fold": "0"}
    text = card(facts(leakage=[shared]))
    assert "**speakers may be in training and test**" in text
    assert "The same voices may be in training and test" in text
    assert "Nothing was fitted or chosen" not in text
    assert "no speaker is both in training and test" not in text


def test_what_the_gate_warned_of_is_not_called_nothing() -> None:
    warned = {"kind": "audio", "severity": "warning", "what": "identical", "fold": "0"}
    assert "warned of 1 (leakage.tsv)" in card(facts(leakage=[warned]))


def test_a_model_that_estimates_has_its_own_scores() -> None:
    row = dict.fromkeys(COLUMNS, "")
    scores = {"ccc": "0.4", "ccc_low": "0.3", "ccc_high": "0.5", "pearson": "0.45", "rmse": "12.3"}
    counts = {"clips": "8", "speakers": "4", "folds": "2", "seeds": "1"}
    common = {**row, "target": "arousal", "features": "signal 8000 Hz", **counts}
    mean = {**common, "model": "training mean", "family": "baseline", "rmse": "15", "ccc": "0"}
    own = {**common, "model": "cnn1d", "family": "cnn1d", **scores}
    made = facts()
    settings = {**made.material.settings, "cnn1d": {**MODELS["cnn1d"], "target": "arousal"}}
    told = describe(
        {**settings["cnn1d"], "rate": 8000, "normalisation": "clip"},
        EXTRACTION,
        ["arousal"],
        (24120,),
        [48000],
        {"fold0_seed0": {"kind": "clip"}},
    )
    only = facts(settings=settings, tables={**made.material.tables, "regression": [own, mean]})
    checks = [{**CHECKS[0], "alike": ""}]
    text = card(Facts(only.material, "cnn1d", only.records, told, checks))
    assert "| CCC | **0.400** [0.300, 0.500] (95\u202f% interval); a constant" in text
    assert "| RMSE (in the unit of the column) | 12.3 |  | 15.0 |" in text
    assert "print(about" in text
    assert "an estimate of arousal" in text
    assert header(text)["model-index"][0]["results"][0]["metrics"][0]["value"] == 0.4


def test_a_model_that_was_not_evaluated_is_told_in_words() -> None:
    made = facts()
    rows = [row for row in made.material.tables["models"] if row["model"] != "cnn1d"]
    with pytest.raises(UserError, match=r"models.tsv: has no row of cnn1d; finish the run"):
        card(facts(tables={**made.material.tables, "models": rows}))


def test_names_are_shown_and_never_markdown() -> None:
    labels = sorted({cleaned(name).replace("\t", " ").replace("\n", " ") for name in HOSTILE})
    text = card(facts(adapter="folder", labels=labels, speakers=HOSTILE))
    parsed = MarkdownIt("commonmark").enable("table").parse(text.split("---\n", 2)[2])
    spans = [one for block in parsed for one in (block.children or [])]
    kinds = {one.type for one in [*parsed, *spans]}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "em_open"}
    shown = " ".join(one.content for one in spans if one.type in ("text", "code_inline"))
    # The parts of a text between marks that were escaped are pieces of their own.
    packed = "".join(shown.split())
    for label in labels:
        assert "".join(label.split()) in packed, label
    # As many cells in each row of a table as in its head.
    bars = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines()]
    assert all(now == last for last, now in pairwise(bars) if now and last)
    assert max(bars) > 5


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cnn2d_time_shift", "cnn2d_time_shift"),
        ("_a_ *b*", "\\_a\\_ \\*b\\*"),
        ("- a", "\\- a"),
        ("a|b<c>", "a\\|b\\<c\\>"),
        ("a\n# b", "a \\# b"),
    ],
)
def test_marks_are_escaped_where_they_would_mark(text: str, wanted: str) -> None:
    assert escaped(text) == wanted


def test_code_holds_any_text() -> None:
    assert code("a`b") == "`` a`b ``"
    assert code("a|b") == "`a\\|b`"
