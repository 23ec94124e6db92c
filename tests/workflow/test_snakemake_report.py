"""What `snakemake --report` is given: a section, a caption and labels of every figure and table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from project import CONFIGURATION, Project, synthesize

# Reads the workflow and writes down what is said of each output.
PROBE = """
include: "Snakefile"

import json
from snakemake.io import get_flag_value

told = []
for rule in workflow.rules:
    for file in rule.output:
        shown = get_flag_value(file, "report")
        told.append({
            "rule": rule.name,
            "file": str(file),
            "report": shown and {
                "caption": shown.caption.get_path_or_uri(secret_free=True),
                "category": shown.category,
                "labels": shown.labels,
            },
        })
Path("told.json").write_text(json.dumps(told))
"""
# With everything that adds rules.
ALL: dict[str, Any] = {
    **CONFIGURATION,
    "models": {
        **CONFIGURATION["models"],
        "gan": {"family": "gan_cnn2d", "size": [32, 32], "epochs": 1},
    },
    "protocol": {**CONFIGURATION["protocol"], "random_premium": ["svm_sc"]},
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every output of every rule, and what is said of it for `snakemake --report`."""
    project = Project.make(tmp_path_factory.mktemp("probe") / "project", ALL)
    synthesize(project.path("wavs"))
    project.path("Probe").write_text(PROBE, encoding="utf-8")
    project.build("--snakefile", "Probe", "--list-rules")
    told: list[dict[str, Any]] = json.loads(project.path("told.json").read_text())
    return told


def test_every_figure_and_table_of_the_evaluation_is_in_it(outputs: list[dict[str, Any]]):
    parts = {"figures", "evaluation", "report"}
    wanted = [one for one in outputs if set(Path(one["file"]).parts) & parts]
    assert len(wanted) > 20
    assert [one["file"] for one in wanted if not one["report"]] == []


def test_all_say_what_they_are_in_the_same_columns(outputs: list[dict[str, Any]]):
    for one in outputs:
        if told := one["report"]:
            assert list(told["labels"])[:2] == ["result", "kind"], one
            assert told["category"][:1].isdigit(), one
            assert Path(told["caption"]).is_file(), one


def test_no_two_results_have_the_same_labels(outputs: list[dict[str, Any]]):
    labels = [
        (one["report"]["category"], *one["report"]["labels"].items())
        for one in outputs
        if one["report"]
    ]
    assert len(labels) == len(set(labels))


def test_sections_are_numbered_without_gaps(outputs: list[dict[str, Any]]):
    numbers = sorted({int(one["report"]["category"][0]) for one in outputs if one["report"]})
    # This corpus has no numbers to estimate.
    assert numbers == list(range(1, 9))


def test_its_page_is_made_and_tells_what_was_compared(finished: Project, tmp_path: Path):
    finished.build("report", "--report", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Speech emotion recognition on the corpus <strong>tiny</strong>" in page
    assert "Compared are 5 models (svm_sc, svm_sbe, svm_mfcc12, cnn1d, cnn2d)" in page
    for section in ("1. Report", "2. Comparison", "3. Models", "4. Clips"):
        assert section in page
