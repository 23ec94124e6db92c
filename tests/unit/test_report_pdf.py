"""The report as PDF: it says what the page says, byte for byte the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typst
from small_report import HOSTILE, Assemble, hostile, of_kind

from serflow.report import blocks, pdf, text


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

    def test_is_made_for_screen_readers_where_it_can_be(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        """PDF/UA wants a title; without one the report is set all the same."""
        named = assemble()
        for content in (named, {**named, "title": ""}):
            pdf.render(content, self.template(root), tmp_path / "report.pdf")
            told = b"pdfuaid:part" in (tmp_path / "report.pdf").read_bytes()
            assert told == bool(content["title"])

    def test_sections_are_numbered_and_stand_in_the_contents(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        assembled = assemble()
        document = pdf.lay_out(assembled, self.template(root), tmp_path)
        found = json.loads(typst.query(str(document), "heading", root=str(tmp_path)))
        assert len(found) == len(assembled["sections"])
        assert {(one["level"], one["numbering"], one["outlined"]) for one in found} == {
            (1, "1", True)
        }

    def test_models_lead_to_their_figures(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        assembled = assemble()
        document = pdf.lay_out(assembled, self.template(root), tmp_path)
        found = json.loads(typst.query(str(document), "link", root=str(tmp_path)))
        wanted = [
            f"<figure-{number}>"
            for block in of_kind(assembled, "models")
            for item in block["items"]
            for number in item["figures"]
        ]
        assert wanted
        assert [link["dest"] for link in found if "figure-" in link["dest"]] == wanted

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

    def test_names_of_every_kind_are_set(
        self, root: Path, tmp_path: Path, assemble: Assemble
    ) -> None:
        pdf.render(hostile(assemble), self.template(root), tmp_path / "report.pdf")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")

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
