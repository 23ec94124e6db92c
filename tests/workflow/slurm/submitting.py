"""Running the workflow through the profile, and reading what Snakemake says of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from cluster import Cluster
from project import CONFIGURATION, Project, Run

# A cluster is asked every half minute or so; the tests' own can be asked at once.
PROFILE = ("--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1")

# One training that takes a while, so that something can happen to it.
NET: dict[str, Any] = {**CONFIGURATION["models"]["cnn1d"], "epochs": 1000, "select": "last"}
TARGET = "results/tiny/models/net/fold0_seed0.json"
EPOCHS = "results/tiny/curves/net/fold0_seed0.tsv"


def variables(cluster: Cluster) -> dict[str, str]:
    """Return the variables by which Snakemake and its jobs find a cluster."""
    return {key: cluster.environment[key] for key in ("SLURM_CONF", "PATH")}


def submit(project: Project, cluster: Cluster, *arguments: str) -> Run:
    """Run Snakemake with the profile."""
    return project.snakemake(*arguments, *PROFILE, variables=variables(cluster))


def slurm_jobs(printed: str) -> Counter[str]:
    """Return how many Slurm jobs were submitted, by the name of their group or rule."""
    logs = re.findall(r"has been submitted with SLURM jobid \d+ \(log: (\S+)\)", printed)
    return Counter(re.findall(r"slurm_logs/(?:group|rule)_([a-z]+)", log)[0] for log in logs)


def with_a_long_training(project: Project) -> None:
    """Replace the models by one network that trains for some seconds."""
    project.configure({**CONFIGURATION, "models": {"net": NET}})


def epochs(project: Project) -> int:
    """Return how many epochs the training has written of itself."""
    curve = project.path(EPOCHS)
    return len(curve.read_text(encoding="utf-8").splitlines()) - 1 if curve.exists() else 0
