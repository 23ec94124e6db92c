"""docs/reruns.md is written from the table that the tests of staleness go through."""

from __future__ import annotations

import re

import pytest
from project import ROOT
from reruns_page import STAGES, by_stage, page, rules, stage
from staleness import TABLE


def test_the_page_is_written_from_the_table() -> None:
    written = (ROOT / "docs" / "reruns.md").read_text(encoding="utf-8")
    assert written == page(), "run `make docs`"


def test_every_row_is_on_the_page_with_all_its_jobs() -> None:
    lines = re.findall(r"^\| (.*) \|$", page(), re.MULTILINE)
    cells = [line.replace("\\|", "").split(" | ") for line in lines]
    for row in TABLE:
        target = f" (target `{row.target}`)"
        [found] = [
            line for line in cells if line[0].split("<br>")[0].removesuffix(target) == row.change
        ]
        counts = found[-len(STAGES) :]
        assert sum(int(count) for count in counts if count.strip()) == sum(row.jobs.values())


def test_every_rule_has_a_stage_and_every_stage_a_rule() -> None:
    assert all(rules().values())
    with pytest.raises(LookupError, match="the rule bake belongs to no stage"):
        stage("bake")


def test_every_stage_is_in_some_row() -> None:
    assert {name for row in TABLE for name in by_stage(row.jobs)} == set(STAGES)
