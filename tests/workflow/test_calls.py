"""Other ways to call Snakemake: up to a rule, a rule forced, from another folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from project import RESULTS, SMALL, Project, rows, synthesize
from staleness import SVM, Jobs, jobs

PARTS: dict[str, Jobs] = {
    "--forcerun train_svm": jobs(SVM, train_svm=6),
    "--forcerun report_html": {"report_html": 1},
    "--forcerun recordings --until recording_table": {"recordings": 3, "recording_table": 1},
    "--forcerun train_svm --omit-from evaluate": {
        "train_svm": 6,
        "costs": 1,
        "provenance": 1,
        "importance": 1,
        "figure_importance": 1,
        "shown_clips": 1,
    },
    "--until train_network": {},
}


@pytest.mark.parametrize("arguments", PARTS)
def test_part_of_a_finished_run(arguments: str, finished: Project) -> None:
    assert finished.planned(*arguments.split()) == PARTS[arguments]


def test_a_forced_evaluation_says_the_same(finished: Project, tmp_path: Path) -> None:
    project = finished.copy(tmp_path / "project")
    run = project.build("evaluation", "--forcerun", "evaluate")
    assert run.jobs == {"evaluate": 1, "evaluation": 1}
    for path in finished.results.glob("evaluation/*"):
        again = project.results / "evaluation" / path.name
        assert again.read_bytes() == path.read_bytes(), path.name


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with recordings and a configuration, and nothing of the project."""
    folder = tmp_path_factory.mktemp("elsewhere") / "work"
    synthesize(folder / "wavs")
    (folder / "mine.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project without recordings or results, to be called from elsewhere."""
    return Project.make(tmp_path_factory.mktemp("installed") / "project")


def test_up_to_a_rule_and_then_on(installed: Project, elsewhere: Path) -> None:
    """Called where the recordings are: there are the configuration's paths, and the results."""
    before = sorted(installed.folder.rglob("*"))
    call = ("--snakefile", str(installed.path("Snakefile")), "--configfile", "mine.yaml")
    run = installed.snakemake("report", "--until", "feature_table", *call, called_in=elsewhere)
    assert run.code == 0, run.output
    results = elsewhere / RESULTS
    assert sorted(path.name for path in results.iterdir() if path.name != "benchmarks") == [
        *("checked.txt", "excluded.tsv", "features", "handover"),
        *("recordings", "recordings.tsv", "spectrograms"),
    ]
    run = installed.snakemake("report", *call, called_in=elsewhere)
    assert run.code == 0, run.output
    assert "spectrograms" not in run.jobs
    models = [row["model"] for row in rows(results / "evaluation" / "models.tsv")]
    assert models == ["svm_sc", "chance", "majority"]
    assert results.joinpath("report", "report.pdf").read_bytes().startswith(b"%PDF-")
    # With a relative path to the Snakefile it is the same run.
    relative = os.path.relpath(installed.path("Snakefile"), elsewhere)
    run = installed.snakemake("report", "--snakefile", relative, *call[2:], called_in=elsewhere)
    assert run.code == 0, run.output
    assert run.jobs == {}
    # Nothing is written beside the Snakefile.
    assert sorted(installed.folder.rglob("*")) == before


def test_directory_named_instead_of_entered(finished: Project, tmp_path: Path) -> None:
    run = finished.snakemake(
        *("report", "images", "--snakefile", str(finished.path("Snakefile"))),
        *("--directory", str(finished.folder)),
        called_in=tmp_path,
    )
    assert run.code == 0, run.output
    assert run.jobs == {}
    assert list(tmp_path.iterdir()) == []


def test_no_configuration_where_snakemake_is_called(installed: Project, tmp_path: Path) -> None:
    run = installed.snakemake(
        "report", "--snakefile", str(installed.path("Snakefile")), called_in=tmp_path
    )
    assert run.code != 0
    assert "Traceback" not in run.output
    assert str(tmp_path / "config" / "config.yaml") in run.output


def test_recordings_are_sought_where_snakemake_is_called(
    installed: Project, elsewhere: Path, tmp_path: Path
) -> None:
    run = installed.snakemake(
        *("report", "--snakefile", str(installed.path("Snakefile"))),
        *("--configfile", str(elsewhere / "mine.yaml")),
        called_in=tmp_path,
    )
    assert run.code != 0
    assert "Traceback" not in run.output
    assert "`corpus.path`: wavs does not exist" in run.output
    assert "relative paths start where snakemake was called" in run.output
    assert not (tmp_path / "results").exists()
