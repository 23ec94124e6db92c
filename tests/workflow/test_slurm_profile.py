"""How many Slurm jobs the profile makes of a corpus: counted by dry runs, which need no Slurm."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from project import ROOT, Project, voice, write_wav

from serflow import demands

# Jobs that stay with Snakemake itself.
LOCAL = {"report", "recording_check", "clip_table", "splits", "gate"}


def corpus_of(project: Project, clips: int, shards: int) -> None:
    """Configure the comparison of config/ravdess.yaml on a table of that many clips.

    One of the WAVs is there, which a dry run is content with.
    """
    write_wav(project.path("c000000.wav"), voice("Angry", 1, 1))
    labels = ("Angry", "Calm", "Happy", "Sad")
    lines = [
        f"c{number:06},c{number:06}.wav,{labels[number % 4]},s{number // 4 % 18:02}"
        for number in range(clips)
    ]
    sheet = "\n".join(["clip,path,label,speaker", *lines, ""])
    project.path("clips.csv").write_text(sheet, encoding="utf-8")
    configuration = yaml.safe_load((ROOT / "config" / "ravdess.yaml").read_text(encoding="utf-8"))
    project.configure(
        {
            **configuration,
            "corpus": {"name": "many", "adapter": "sheet", "path": "clips.csv"},
            "shards": shards,
            "protocol": {"type": "group-k-fold", "folds": 6},
        }
    )


def counted(project: Project, clips: int) -> tuple[int, dict[str, int], int]:
    """Return the Slurm jobs of a dry run: all, the groups by name, and the jobs in all."""
    run = project.snakemake("report", "-n", "--profile", "profiles/slurm")
    assert run.code == 0, run.output
    groups = Counter(re.findall(r"Group job (\w+) \(jobs", run.output))
    members = len(re.findall(r"^    Job \d+:", run.output, re.MULTILINE))
    jobs = run.jobs
    # Short enough for Snakemake itself where the corpus is small.
    local = LOCAL | (
        {"recording_table"} if demands.table_seconds(clips) <= demands.LOCAL else set()
    )
    alone = sum(count for rule, count in jobs.items() if rule not in local) - members
    return sum(groups.values()) + alone, dict(groups), sum(jobs.values())


@pytest.mark.parametrize(
    ("clips", "shards", "groups", "slurm_jobs", "jobs"),
    [
        # 198 trainings of networks, half a minute each; all else in eight Slurm jobs.
        (
            576,
            8,
            {"checks_16": 1, "extraction_16": 2, "tables_16": 1, "svm_16": 3, "report": 1},
            206,
            375,
        ),
        # 246 trainings, 13 tables; 100 checks, and 400 pieces of 100 shards, four together.
        (100_000, 100, {"checks_4": 25, "extraction_4": 100, "report": 1}, 385, 1111),
    ],
)
def test_slurm_jobs_of_a_corpus(
    tmp_path: Path,
    clips: int,
    shards: int,
    groups: dict[str, int],
    slurm_jobs: int,
    jobs: int,
) -> None:
    project = Project.make(tmp_path / "project")
    corpus_of(project, clips, shards)
    assert counted(project, clips) == (slurm_jobs, groups, jobs)


def test_a_local_run_has_no_groups(tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project")
    corpus_of(project, 40, 2)
    run = project.snakemake("report", "-n")
    assert run.code == 0
    assert "Group job" not in run.output
