"""What Slurm jobs make is what jobs of one machine make."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cluster import Cluster
from project import Project, rows
from submitting import slurm_jobs, submit

# Times, and what shows them or the hour of its making.
OF_THE_RUN = ("benchmarks", "report", "handover")
MEASURED = ("train_seconds", "predict_ms_per_clip")


def compared(results: Path) -> Iterator[str]:
    """Yield the results' files that hold no measurement."""
    for path in sorted(results.rglob("*")):
        name = path.relative_to(results)
        if path.is_dir() or name.parts[0] in OF_THE_RUN or name.name == "costs.tsv":
            continue
        if path.suffix != ".json" and name.as_posix() != "evaluation/models.tsv":
            yield name.as_posix()


def without_times(record: Any) -> Any:
    if isinstance(record, dict):
        return {k: without_times(v) for k, v in record.items() if k not in MEASURED}
    return record


def test_every_file_is_the_same_byte_for_byte(submitted: Project, finished: Project) -> None:
    names = list(compared(finished.results))
    assert names == list(compared(submitted.results))
    # Every stage is among them.
    for part in ("features/sc.npz", "splits.tsv", "evaluation/comparisons.tsv"):
        assert part in names
    assert any(name.endswith(".safetensors") for name in names)
    assert any(name.endswith(".skops") for name in names)
    assert any(name.endswith(".png") for name in names)
    different = [
        name
        for name in names
        if (finished.results / name).read_bytes() != (submitted.results / name).read_bytes()
    ]
    assert different == []


def test_what_holds_times_is_the_same_without_them(submitted: Project, finished: Project) -> None:
    for path in finished.results.rglob("*.json"):
        ours, theirs = (
            without_times(json.loads(file.read_text(encoding="utf-8")))
            for file in (path, submitted.results / path.relative_to(finished.results))
        )
        assert ours == theirs, path
    tables = [
        [
            {key: cell for key, cell in row.items() if key not in MEASURED}
            for row in rows(project.results / "evaluation" / "models.tsv")
        ]
        for project in (finished, submitted)
    ]
    assert tables[0] == tables[1]
    for suffix in ("html", "pdf"):
        assert (submitted.results / "report" / f"report.{suffix}").stat().st_size > 0


def test_short_jobs_share_slurm_jobs(submitted: Project) -> None:
    """Three shards, five tables, twelve trainings, all that follows: one Slurm job a stage."""
    printed = submitted.path("printed.txt").read_text(encoding="utf-8")
    stages = ("checks", "extraction", "tables", "svm", "network", "report")
    assert slurm_jobs(printed) == dict.fromkeys(stages, 1)


def test_a_shared_slurm_job_asks_for_all_times_and_the_largest_memory(
    submitted: Project, cluster: Cluster
) -> None:
    """Its members run one after the other on one core."""
    checks, extraction = sorted(map(int, cluster.jobs("all")))[:2]
    told = cluster.told(str(checks))
    assert str(submitted.folder) in told
    # One job of each of three shards, four minutes each: three, and ten times 1.6 s.
    assert "TimeLimit=00:12:00" in told
    told = cluster.told(str(extraction))
    # Six jobs of each.
    assert "TimeLimit=01:12:00" in told
    # The matrices of the largest shard, 0.1 MB a clip; Snakemake's own, and its 0.002 MB a clip.
    largest = max(len(rows(path)) for path in submitted.results.glob("recordings/*.tsv"))
    assert f"mem={math.ceil(500 + 0.1 * largest + 400 + 0.002 * 36)}M" in told
    assert "NumCPUs=1 " in told


def test_afterwards_nothing_is_left_to_do_anywhere(submitted: Project, cluster: Cluster) -> None:
    assert submitted.planned() == {}
    run = submit(submitted, cluster, "report")
    assert run.code == 0
    assert "Nothing to be done" in run.output
    assert cluster.jobs() == []


def test_the_jobs_went_by_the_runs_clip_table(submitted: Project) -> None:
    kept = list(submitted.path(".snakemake", "serflow").glob("clips-*.json"))
    assert len(kept) == 1
    clips = json.loads(kept[0].read_text(encoding="utf-8"))
    assert len(clips["cells"]) == len(rows(submitted.results / "clips.tsv"))
