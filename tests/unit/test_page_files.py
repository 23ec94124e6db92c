"""Which files a page takes in: as Jinja itself finds them."""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta, nodes

from serflow.report.page_files import page_files

REPORT = Path(__file__).parents[2] / "workflow" / "report"
PAGES = ("report.html.j2", "prediction.html.j2")


def taken(path: Path) -> set[Path]:
    """What Jinja's own reading of a template finds, scripts as calls of the function `script`."""
    tree = jinja2.Environment().parse(path.read_text(encoding="utf-8"))
    found = {path}
    for name in meta.find_referenced_templates(tree):
        assert name is not None
        found |= taken(REPORT / name)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "script":
            [name, *_] = [argument.as_const() for argument in call.args]
            if name != "vega":
                found.add(Path(os.path.normpath(REPORT / "page" / name)))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_they_are_those_that_jinja_reads(page: str) -> None:
    assert page_files(REPORT / page) == sorted(taken(REPORT / page))


@pytest.mark.parametrize("page", PAGES)
def test_through_a_link_they_are_the_same_in_the_same_order(page: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(REPORT)
    linked = page_files(tmp_path / "link" / page)
    assert [path.resolve() for path in linked] == page_files(REPORT / page)


def test_no_file_lies_there_for_nothing_and_a_page_hangs_on_its_own_alone() -> None:
    report, prediction = (set(page_files(REPORT / page)) for page in PAGES)
    there = {path for folder in ("page", "prediction") for path in (REPORT / folder).iterdir()}
    assert {REPORT / page for page in PAGES} | there == report | prediction
    assert {path.name for path in report - prediction if path.suffix == ".js"} == {
        *("boxes.js", "charts.js", "models.js", "tables.js"),
    }


def test_files_are_found_through_others_and_comments_passed_over(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    written = {
        "one.j2": '{% extends "page/base.j2" %}{# {% include "gone.j2" %} #}{{ script("a.js") }}',
        "page/base.j2": '{%- from "page/parts.j2" import show -%}{{ script("vega") }}',
        "page/parts.j2": '{% import "one.j2" as one %}',
        "page/a.js": 'script(name); // {% include "never.j2" %}',
        "page/other.j2": "",
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = ("one.j2", "page/a.js", "page/base.j2", "page/parts.j2")
    assert page_files(tmp_path / "one.j2") == [tmp_path / name for name in names]


@pytest.mark.parametrize("text", ["{% include name %}", "{{ script(name) }}"])
def test_a_name_that_only_rendering_tells_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.j2").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.j2.*does not name a file in double quotes"):
        page_files(tmp_path / "one.j2")
