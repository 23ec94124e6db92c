"""A Slurm of this machine's own, and the tiny corpus' report made in it once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cluster import PACKAGES, Cluster, loopback, missing
from project import CONFIGURATION, Project
from submitting import PROFILE, variables


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running Slurm. Where it cannot be, tests skip, or fail where SERFLOW_SLURM=required."""
    if lacking := missing():
        reason = f"no Slurm on this machine: {', '.join(lacking)} not found"
        reason += f"; on Debian: apt-get install {PACKAGES}"
        if os.environ.get("SERFLOW_SLURM") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with loopback() as slurm:
        yield slurm


@pytest.fixture(scope="session")
def submitted(
    cluster: Cluster, finished: Project, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """The tiny corpus' report, made by Slurm jobs; what changes anything in it takes a copy.

    What Snakemake printed stands in `printed.txt`.
    """
    project = Project.make(tmp_path_factory.mktemp("submitted") / "project", CONFIGURATION)
    Project(finished.path("wavs")).copy(project.path("wavs"))
    run = project.snakemake("report", "dag", "images", *PROFILE, variables=variables(cluster))
    assert run.code == 0, run.output
    project.path("printed.txt").write_text(run.output, encoding="utf-8")
    return project
