"""The report: what it says, that both layouts say the same, and that no name becomes markup."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from serflow.errors import UserError
from serflow.report import blocks, content, html, pdf, text

SPEAKERS = ["01", "02", "03", "04"]
LABELS = ["Angry", "Calm"]
HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd()",
    "a$b$",
    "#let x",
    "*b* _i_ `c` @ref",
    "\x00\udcff",
]
MODELS: dict[str, dict[str, Any]] = {
    "svm_sc": {"family": "svm", "features": "sc", "C": 10.0},
    "svm_sbe": {"family": "svm", "features": "sbe", "C": 10.0},
    "cnn1d": {"family": "cnn1d", "augmentation": "none", "variant_of": "cnn1d", "select": "last"},
    "cnn2d": {"family": "cnn2d", "augmentation": "none", "variant_of": "cnn2d", "select": "best"},
    "cnn2d_time_shift": {
        "family": "cnn2d",
        "augmentation": "time_shift",
        "variant_of": "cnn2d",
        "select": "best",
    },
}
UAR = {"svm_sc": 0.5, "svm_sbe": 0.6, "cnn1d": 0.55, "cnn2d": 0.65, "cnn2d_time_shift": 0.7}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="60pt"><path d="M0 0h9v9z"/></svg>'
)

Assemble = Callable[..., dict[str, Any]]


def rows_of_models(models: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "model": name,
            "family": settings["family"],
            "features": settings.get("features", "signal"),
            "uar": str(UAR[name]),
            "uar_low": str(UAR[name] - 0.1),
            "uar_high": str(UAR[name] + 0.1),
            "accuracy": str(UAR[name] + 0.01),
            "macro_f1": str(UAR[name] - 0.01),
            "clips": "16",
            "speakers": "4",
            "folds": "2",
            "seeds": "1" if settings["family"] == "svm" else "2",
            "parameters": "" if settings["family"] == "svm" else "12345",
            "train_seconds": "1.25",
            "predict_ms_per_clip": "0.5",
        }
        for name, settings in models.items()
    ]


def tables(models: dict[str, dict[str, Any]], labels: list[str]) -> dict[str, list[dict[str, str]]]:
    one = {"clips": "4", "speakers": "2"}
    return {
        "models": rows_of_models(models),
        "per_class": [
            {"model": name, "label": label, "recall": "0.5", "precision": "0.4", "f1": "", **one}
            for name in models
            for label in labels
        ],
        "per_speaker": [
            {"model": name, "speaker": speaker, "uar": f"0.{place + 3}", "accuracy": "0.5", **one}
            for name in models
            for place, speaker in enumerate(SPEAKERS)
        ],
        "per_fold": [
            {
                "model": name,
                "fold": fold,
                "seed": "0",
                "uar": str(UAR[name]),
                "accuracy": "0.5",
                **one,
            }
            for name in models
            for fold in ("0", "1")
        ],
        "comparisons": [
            {
                "model_a": a,
                "model_b": b,
                "difference": f"{UAR[a] - UAR[b]:.3f}",
                "low": f"{UAR[a] - UAR[b] - 0.02:.3f}",
                "high": f"{UAR[a] - UAR[b] + 0.05:.3f}",
                "p_value": "0.0004",
                "p_holm": "0.004",
                "speakers": "4",
                "unit": "speakers",
            }
            for a, b in combinations(models, 2)
        ],
        "choices": [],
        "alternatives": [],
    }


@pytest.fixture
def assemble(tmp_path: Path) -> Assemble:
    """Return a function that assembles a small report; keywords change its parts."""

    def build(
        models: dict[str, dict[str, Any]] = MODELS,
        labels: list[str] = LABELS,
        adapter: str = "ravdess",
        **changed: Any,
    ) -> dict[str, Any]:
        names = ["spectrograms", "images", "ranking", "augmentation/cnn2d"]
        names += [f"{kind}/{name}" for name in models for kind in ("confusion", "curves")]
        figures = {}
        for place, name in enumerate(names):
            if name.startswith("curves/svm"):
                continue
            figures[name] = tmp_path / f"{place} #.svg"
            figures[name].write_text(SVG, encoding="utf-8")
        clips = [
            {"clip": f"{speaker}/{place}{turn}", "label": label, "speaker": speaker}
            for speaker in SPEAKERS
            for place, label in enumerate(labels)
            for turn in (0, 1)
        ]
        given = {
            "config": {
                "corpus": {"name": "small", "adapter": adapter},
                "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.25},
                "seeds": [0, 1],
                "evaluation": {"confidence": 0.95, "resamples": 10000},
                "report": {"title": "A comparison", "author": ""},
            },
            "settings": models,
            "clips": clips,
            "recordings": [
                {"clip": row["clip"], "seconds": "3.5", "rate": "48000", "verdict": "ok"}
                for row in clips
            ],
            "splits": [
                {
                    "clip": row["clip"],
                    "fold": fold,
                    "role": "test" if (row["speaker"] < "03") == (fold == "0") else "train",
                }
                for fold in ("0", "1")
                for row in clips
            ],
            "leakage": [],
            "tables": tables(models, labels),
            "conclusions": [
                {"id": "overall", "text": "cnn2d_time_shift scored highest."},
                {"id": "opinion:cnn2d", "text": "Shifting helps."},
                {"id": "augmentation:cnn2d_time_shift", "text": "A shift adds 0.050."},
                {"id": "network:cnn1d:spectral", "text": "cnn1d falls short."},
            ],
            "benchmarks": [
                {"rule": "train_svm", "seconds": "2.5", "max_rss": "310.2"},
                {"rule": "train_svm", "seconds": "60", "max_rss": ""},
                {"rule": "evaluate", "seconds": "7260", "max_rss": "99.9"},
            ],
            "versions": {"Python": "3.11.9"},
            "figures": figures,
        }
        return content.assemble(**{**given, **changed})

    return build


def section_of(assembled: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in assembled["sections"] if one["id"] == name]
    return found


def cells(block: dict[str, Any]) -> list[list[str]]:
    return [[item["text"] for item in row] for row in block["rows"]]


def of_kind(assembled: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    everything = assembled["summary"] + [
        block for one in assembled["sections"] for block in one["blocks"]
    ]
    return [block for block in everything if block["kind"] == kind]


class Page(HTMLParser):
    """A parsed page: its tags with attributes, and its text by tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, tag: str, attribute: str) -> list[str]:
        return [own[attribute] or "" for name, own in self.tags if name == tag and attribute in own]


class TestText:
    @pytest.mark.parametrize(
        ("write", "cell", "told"),
        [
            (text.feature, "sbe", "spectral band energy (SBE)"),
            (text.feature, "mfcc12", "12 MFCCs"),
            (text.augmentation, "time_shift+noise", "time shift + noise"),
        ],
    )
    def test_name(self, write: Callable[[str], str], cell: str, told: str) -> None:
        assert write(cell) == told

    def test_prose(self) -> None:
        assert text.joined(["a", "b", "c"]) == "a, b and c"
        assert text.joined(["a"]) == "a"
        assert text.counted(1, "speaker") == "1 speaker"
        assert text.counted(2, "speaker") == "2 speakers"

    def test_outline(self) -> None:
        told = text.outline({"a": {"b": [1, 2], "c": None}, "d": "x", "e": "", "f": {}})
        assert told == 'a:\n  b: [1, 2]\n  c: null\nd: x\ne: ""\nf: {}'

    @given(st.text(st.characters(codec=None)))
    def test_printable_can_always_be_written(self, name: str) -> None:
        [cleaned] = text.printable([name])
        assert cleaned.encode("utf-8").decode("utf-8") == cleaned
        assert len(cleaned) == len(name)
        assert text.printable(cleaned) == cleaned


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
        assert names == ["cnn2d_time_shift", "cnn2d", "svm_sbe", "cnn1d", "svm_sc"]
        assert cells(first)[0] == [
            *("cnn2d_time_shift", "2D\u00a0CNN", "signal", "0.700", "[0.600, 0.800]"),
            *("0.710", "0.690", "12\u202f345", "1.25", "0.500"),
        ]
        assert "16 test clips, 4 speakers, 2 folds and 1 or 2 seeds" in first["caption"]
        assert [row[0]["strong"] for row in first["rows"]] == [True, False, False, False, False]

    def test_headings_of_the_first_table_leave_room_for_all_columns(
        self, root: Path, assemble: Assemble
    ) -> None:
        columns = [column["title"] for column in assemble()["summary"][0]["columns"]]
        assert len(columns) == 10
        assert max(len(word) for title in columns for word in title.split()) <= len("Parameters")
        # Headings may break between words, numbers may not.
        page = (root / "workflow" / "report" / "report.html.j2").read_text(encoding="utf-8")
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
        [cost] = section_of(assemble(), "cost")["blocks"]
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

        columns = [len(block["columns"]) - 1 for block in by_speaker(24)[1:]]
        assert columns == [12, 12]
        assert [block["kind"] for block in by_speaker(1000)] == ["table", "paragraph"]


def splits(validation: Callable[[str, str], bool]) -> list[dict[str, str]]:
    """Two folds of the small corpus; `validation` takes fold and clip."""
    rows = []
    for fold in ("0", "1"):
        for speaker in SPEAKERS:
            for place in range(len(LABELS)):
                for turn in (0, 1):
                    clip = f"{speaker}/{place}{turn}"
                    tested = (speaker < "03") == (fold == "0")
                    role = "test" if tested else "validation" if validation(fold, clip) else "train"
                    rows.append({"clip": clip, "fold": fold, "role": role})
    return rows


def by_speaker(fold: str, clip: str) -> bool:
    return clip[:2] in ("02", "04")


def by_clip(fold: str, clip: str) -> bool:
    return clip.endswith("1")


def validation_told(assembled: dict[str, Any]) -> str:
    [told] = [
        item["text"] for item in assembled["facts"][1]["items"] if item["term"] == "Validation"
    ]
    assert f"Validation: {told}." in section_of(assembled, "separation")["blocks"][0]["text"]
    return str(told)


class TestTraining:
    SPEAKERS_TOLD = "25\u202f% of the training speakers in each fold"
    CLIPS_TOLD = "25\u202f% of each label's training clips, whoever speaks"

    def test_validation_by_speakers(self, assemble: Assemble) -> None:
        assert validation_told(assemble(splits=splits(by_speaker))) == self.SPEAKERS_TOLD

    def test_validation_by_clips_of_training_speakers(self, assemble: Assemble) -> None:
        assert (
            validation_told(assemble(splits=splits(by_clip))) == f"{self.CLIPS_TOLD}, in each fold"
        )

    def test_validation_with_unknown_speakers_is_by_clips(self, assemble: Assemble) -> None:
        clips = [
            {"clip": row["clip"], "label": LABELS[int(row["clip"][3])], "speaker": ""}
            for row in splits(by_speaker)[:16]
        ]
        assembled = assemble(splits=splits(by_speaker), clips=clips)
        assert validation_told(assembled) == f"{self.CLIPS_TOLD}, in each fold"

    def test_validation_of_unknown_speakers_alone_is_by_clips(self, assemble: Assemble) -> None:
        clips = [
            {
                "clip": row["clip"],
                "label": LABELS[int(row["clip"][3])],
                "speaker": "" if by_speaker("0", row["clip"]) else row["clip"][:2],
            }
            for row in splits(by_speaker)[:16]
        ]
        told = validation_told(assemble(splits=splits(by_speaker), clips=clips))
        assert told == f"{self.CLIPS_TOLD}, in each fold"

    def test_validation_by_speakers_in_one_fold_only(self, assemble: Assemble) -> None:
        mixed = splits(lambda fold, clip: (by_clip if fold == "1" else by_speaker)(fold, clip))
        told = validation_told(assemble(splits=mixed))
        assert told == f"{self.SPEAKERS_TOLD}; in 1 of 2 folds {self.CLIPS_TOLD}"

    def test_no_validation(self, assemble: Assemble) -> None:
        assert validation_told(assemble()) == "none"

    def captions(self, assembled: dict[str, Any], name: str) -> str:
        return " ".join(
            item["caption"]
            for block in section_of(assembled, name)["blocks"]
            if block["kind"] == "figures"
            for item in block["items"]
            if item["caption"].startswith("Learning")
        )

    def test_refit_is_told_with_curves_and_scores(self, assemble: Assemble) -> None:
        models = {
            name: {**own, "refit": True} if own["family"] != "svm" else own
            for name, own in MODELS.items()
        }
        assembled = assemble(models=models, splits=splits(by_speaker))
        last = self.captions(assembled, "cnn1d-curves")
        assert "curves are of the first network, trained without the validation clips" in last
        assert "together for as many epochs (refit)" in last
        assert "Dots" not in last
        for name in ("cnn2d-curves", "variants"):
            best = self.captions(assembled, name)
            assert "Dots: the epoch that the validation set chose." in best
            assert "together up to the epoch of the dot (refit)" in best
            assert "weights were kept" not in best
        for name in ("cnn1d-results", "cnn2d-results", "separation"):
            assert "the scores are of a second one" in json.dumps(section_of(assembled, name))
        assert "the time of both trainings" in json.dumps(section_of(assembled, "reading"))

    def test_without_refit_the_dots_are_the_weights_kept(self, assemble: Assemble) -> None:
        assembled = assemble(splits=splits(by_speaker))
        assert "Dots: the epoch whose weights were kept" in self.captions(assembled, "cnn2d-curves")
        assert "second one" not in json.dumps(assembled)

    def test_refit_without_validation_clips_is_no_second_training(self, assemble: Assemble) -> None:
        models = {"cnn1d": {**MODELS["cnn1d"], "refit": True}}
        assert "second one" not in json.dumps(assemble(models=models, conclusions=[])["sections"])

    def test_scaling_by_speaker_is_named(self, assemble: Assemble) -> None:
        models = {**MODELS, "svm_sbe": {**MODELS["svm_sbe"], "scaling": "speaker"}}
        assembled = assemble(models=models)
        for block in (assembled["summary"][0], section_of(assembled, "features")["blocks"][2]):
            given = {row[0]: row[2] for row in cells(block)}
            assert given["svm_sbe"] == "sbe, standardised per speaker"
            assert given["svm_sc"] == "sc"
        told = [
            block["text"]
            for block in section_of(assembled, "features")["blocks"]
            if block["kind"] == "paragraph"
        ]
        assert "model svm_sbe (standardised per speaker, accuracy 0.610" in told[0]
        assert told[1].startswith("Standardised per speaker: svm_sbe.")
        assert "standardised per speaker" not in json.dumps(assemble()).lower()

    def test_many_alternatives_are_shortened(self, assemble: Assemble) -> None:
        types = [f"mfcc{number}" for number in range(10, 21)]
        models = {**MODELS, "svm_sc": {**MODELS["svm_sc"], "features": types}}
        given = {row[0]: row[2] for row in cells(assemble(models=models)["summary"][0])}
        assert given["svm_sc"] == "one of 11: mfcc10 … mfcc20"
        models["svm_sc"] = {**MODELS["svm_sc"], "features": ["sc", "sc+sbw"]}
        given = {row[0]: row[2] for row in cells(assemble(models=models)["summary"][0])}
        assert given["svm_sc"] == "sc | sc+sbw"


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
            {"clip": "01/00", "seconds": "1", "rate": "8000", "verdict": verdict}
            for verdict in ("ok", "silent", "silent")
        ]
        told = assemble(recordings=recordings)["warnings"][-1]["text"]
        assert told.startswith("2 of 3 recordings: silent (2)")


class TestHtml:
    def page(self, root: Path, assembled: dict[str, Any]) -> str:
        return html.render(assembled, root / "workflow" / "report" / "report.html.j2")

    def test_nothing_is_fetched(self, root: Path, assemble: Assemble) -> None:
        written = self.page(root, assemble())
        page = Page(written)
        assert {tag for tag, _ in page.tags}.isdisjoint(
            {"script", "link", "iframe", "object", "base"}
        )
        assert all(
            source.startswith("data:image/svg+xml;base64,") for source in page.values("img", "src")
        )
        assert all(target.startswith("#") for target in page.values("a", "href"))
        assert "url(" not in written
        assert "@import" not in written

    def test_pictures_are_whole_and_described(self, root: Path, assemble: Assemble) -> None:
        assembled = assemble()
        page = Page(self.page(root, assembled))
        made = [item for block in of_kind(assembled, "figures") for item in block["items"]]
        assert len(page.values("img", "src")) == len(made)
        for source, item in zip(page.values("img", "src"), made, strict=True):
            assert base64.b64decode(source.partition(",")[2]) == Path(item["path"]).read_bytes()
        assert page.values("img", "alt") == [item["alternative"] for item in made]
        assert all(page.values("img", "alt"))

    def test_every_link_has_a_target_and_ids_are_unique(
        self, root: Path, assemble: Assemble
    ) -> None:
        page = Page(self.page(root, assemble()))
        names = [own["id"] for _, own in page.tags if "id" in own]
        assert len(names) == len(set(names))
        targets = {target[1:] for target in page.values("a", "href")}
        targets |= {own["aria-labelledby"] for _, own in page.tags if "aria-labelledby" in own}
        assert targets <= set(names)

    def test_warning_stands_before_every_number(self, root: Path, assemble: Assemble) -> None:
        written = self.page(root, assemble(adapter="demo"))
        assert written.index("Synthetic corpus") < written.index("<table")
        assert 'class="notice error"' in written

    def test_names_are_text_whatever_they_hold(self, root: Path, assemble: Assemble) -> None:
        assembled = assemble(labels=HOSTILE)
        written = self.page(root, assembled)
        assert "<script" not in written
        told = " ".join(Page(written).texts)
        for label in HOSTILE:
            assert text.printable(label) in told

    def test_unknown_kind_of_picture(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"figure\.gif"):
            html.data_uri(tmp_path / "figure.gif")

    def test_long_names_may_break_after_a_joint(self) -> None:
        assert html.joints("time_mask+<b>") == "time_<wbr>mask+<wbr>&lt;b&gt;"


class TestPdf:
    def template(self, root: Path) -> Path:
        return root / "workflow" / "report" / "report.typ"

    def test_same_content_gives_same_bytes(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        assembled = assemble(adapter="demo")
        before = json.dumps(assembled)
        for name in ("one.pdf", "two.pdf"):
            pdf.render(assembled, self.template(root), tmp_path / name)
        one, two = ((tmp_path / name).read_bytes() for name in ("one.pdf", "two.pdf"))
        assert one.startswith(b"%PDF-")
        assert one == two
        assert json.dumps(assembled) == before

    def test_numbers_agree_with_the_page(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        assembled = assemble()
        document = pdf.lay_out(assembled, self.template(root), tmp_path)
        found = json.loads(typst.query(str(document), "figure", root=str(tmp_path)))
        kinds = ["table" if item["kind"] == "table" else "image" for item in found]
        everything = assembled["summary"] + [
            block for one in assembled["sections"] for block in one["blocks"]
        ]
        wanted = []
        for block in everything:
            if block["kind"] == "table":
                wanted.append("table")
            elif block["kind"] == "figures":
                wanted += ["image"] * len(block["items"])
        assert kinds == wanted

    def test_names_are_text_whatever_they_hold(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        assembled = assemble(labels=HOSTILE)
        assembled["sections"] = [
            blocks.section("names", label, [blocks.paragraph(label), blocks.code(label)])
            for label in map(text.printable, HOSTILE)
        ]
        document = pdf.lay_out(assembled, self.template(root), tmp_path)
        found = json.loads(typst.query(str(document), "heading", root=str(tmp_path)))
        shown = [item["body"].get("text") for item in found]
        assert shown[-len(HOSTILE) :] == [text.printable(label) for label in HOSTILE]
        pdf.render(assembled, self.template(root), tmp_path / "report.pdf")

    def test_old_file_stays_when_the_template_is_wrong(
        self, tmp_path: Path, assemble: Assemble
    ) -> None:
        wrong = tmp_path / "wrong.typ"
        wrong.write_text("#panic()", encoding="utf-8")
        output = tmp_path / "report.pdf"
        output.write_text("before")
        with pytest.raises(typst.TypstError):
            pdf.render(assemble(), wrong, output)
        assert output.read_text() == "before"


def test_captions_are_templates_that_name_known_wildcards(root: Path) -> None:
    for caption in (root / "workflow" / "report" / "captions").glob("*.rst"):
        for name in re.findall(r"snakemake\.wildcards\.(\w+)", caption.read_text(encoding="utf-8")):
            assert name in {"corpus", "model"}, caption
