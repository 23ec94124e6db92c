"""The commands of docs/cluster.md that look at what runs, in a real Slurm."""

from __future__ import annotations

import subprocess

import pytest
from cluster import Cluster
from project import Project


@pytest.mark.parametrize(
    ("command", "shows", "status"),
    [
        ("squeue --me --format='%.10i %.10T %.10M %k'", "JOBID", 0),
        # Goes on until it is stopped.
        ("timeout 1 tail -f logs/CORPUS/models/MODEL/fold0_seed0.log", "", 124),
        ("ls .snakemake/slurm_logs/", "", 0),
    ],
)
def test_watching(
    command: str, shows: str, status: int, cluster: Cluster, submitted: Project
) -> None:
    filled_in = command.replace("CORPUS", "tiny").replace("MODEL", "cnn1d")
    done = subprocess.run(
        ["bash", "-c", filled_in],
        cwd=submitted.folder,
        env=cluster.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert shows in done.stdout
    assert done.stderr == ""
