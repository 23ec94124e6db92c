"""A corpus whose clips, labels, speakers and columns are called what nobody should call them."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from project import LABELS, RESULTS, SMALL, Project, voice, write_wav

EMOTIONS = ["=cmd()", '"><img src=x onerror=alert(1)>', "$x$ \\b", "\u202e<b>\x07"]
SPEAKERS = ['#import "x"', "-1+2", "s\tab", '"\nnew', "=1", "$y$"]
# The name as a shell, Snakemake and a spreadsheet would read it, and as a page would.
NAMES = ["=-{0} $(touch mark) `touch mark`; {{wildcards}} %s.wav", "<script>alert({0})<{1}.wav"]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The report on such a corpus."""
    corpus = {"name": "tiny", "adapter": "sheet", "path": "sheets/clips.tsv"}
    project = Project.make(
        tmp_path_factory.mktemp("hostile") / "project", {**SMALL, "corpus": corpus}
    )
    project.path("sheets").mkdir()
    with project.path("sheets", "clips.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["path", "label", "speaker", "=column"])
        for i, label in enumerate(EMOTIONS):
            for j, speaker in enumerate(SPEAKERS):
                for take, mark in enumerate(("", "\t")):
                    name = NAMES[j > 0].format(f"{i}{j}{take}", mark)
                    samples = voice(LABELS[i % 3], j, take, seed=i)
                    write_wav(project.path("sheets", name), samples)
                    table.writerow([name, label, speaker, f"@{j % 2}"])
    project.build("report", "images", cores=2)
    return project


def tables(project: Project) -> Iterator[tuple[Path, list[list[str]]]]:
    for path in sorted(project.results.rglob("*.tsv")):
        if "benchmarks" not in path.parts:
            with path.open(encoding="utf-8", newline="") as file:
                yield path, list(csv.reader(file, delimiter="\t"))


def test_no_table_holds_a_formula(reported: Project) -> None:
    found = list(tables(reported))
    assert len(found) > 10
    for path, table in found:
        for row in table:
            assert len(row) == len(table[0]), path
            for cell in row:
                assert cell[:1] not in tuple("=+-@\t\r\n") or number(cell), f"{path}: {cell!r}"


def number(cell: str) -> bool:
    """Tell of a cell whether it is a number; an empty one is none and harmless."""
    return cell == "" or re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", cell) is not None


def test_all_clips_are_found_again(reported: Project) -> None:
    """The fold's roles and the labels are read from tables with the names as they are."""
    clips = dict(tables(reported))[reported.results / "clips.tsv"]
    place = clips[0].index("label")
    assert {row[place] for row in clips[1:]} == {f"'{EMOTIONS[0]}", *EMOTIONS[1:]}
    predictions = [
        row
        for path, table in tables(reported)
        if path.parent.parent.name == "predictions"
        for row in table[1:]
    ]
    assert len(predictions) == len(EMOTIONS) * len(SPEAKERS) * 2
    assert reported.planned() == {}


def test_no_name_was_executed(reported: Project) -> None:
    assert not list(reported.folder.rglob("mark"))


def test_the_page_and_the_figures_hold_text(reported: Project) -> None:
    page = reported.path(RESULTS, "report", "report.html").read_text(encoding="utf-8")
    policy = page[page.index("Content-Security-Policy") :].partition(">")[0]
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == page.count("<script") > 0
    for attributes, text in scripts:
        # Data, or one of the page's own, which the policy names by its hash.
        if "application/json" in attributes:
            assert json.loads(text)
        else:
            digest = hashlib.sha256(text.encode()).digest()
            assert base64.b64encode(digest).decode() in policy
            assert "alert(" not in text
    assert "<img src=x" not in page
    assert "&lt;b&gt;" in page
    assert "\u202e" not in page
    figures = sorted(reported.results.joinpath("figures").rglob("*.svg"))
    assert figures
    for path in figures:
        tags = {node.tag.rpartition("}")[2] for node in ElementTree.parse(path).iter()}
        assert tags.isdisjoint({"script", "img", "b"}), path
