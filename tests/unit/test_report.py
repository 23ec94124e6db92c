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
            (text.score, "0.61249", "0.612"),
            (text.score, "", "–"),
            (text.difference, "-0.0124", "−0.012"),
            (text.difference, 0.0124, "+0.012"),
            (text.difference, "-0.0004", "0.000"),
            (text.p_value, "0.0004", "< 0.001"),
            (text.p_value, "0.04", "0.040"),
            (text.percent, "0.605", "60\u202f%"),
            (text.count, "137991", "137\u202f991"),
            (text.count, None, "–"),
            (text.plain, "0.05214", "0.0521"),
            (text.plain, "3.14159", "3.14"),
            (text.plain, "1234.5", "1\u202f234"),
            (text.plain, "0", "0"),
            (text.duration, "3.21", "3.2 s"),
            (text.duration, 59.97, "1 min 00 s"),
            (text.duration, 245, "4 min 05 s"),
            (text.duration, 4320, "1 h 12 min"),
            (text.feature, "sbe", "spectral band energy (SBE)"),
            (text.feature, "mfcc12", "12 MFCCs"),
            (text.augmentation, "time_shift+noise", "time shift + noise"),
        ],
    )
    def test_number_or_name(self, write: Callable[[Any], str], cell: Any, told: str) -> None:
        assert write(cell) == told

    def test_interval(self) -> None:
        assert text.interval("0.5", "0.61") == "[0.500, 0.610]"
        assert text.interval("-0.5", "0.61", signed=True) == "[−0.500, +0.610]"
        assert text.interval("", "0.61") == ""

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
