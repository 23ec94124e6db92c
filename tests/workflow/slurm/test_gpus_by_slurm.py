"""Slurm gives a training its GPU, and only a training, and only where the configuration insists."""

from __future__ import annotations

import re
from pathlib import Path

from cluster import Cluster
from project import CONFIGURATION, Project
from submitting import submit

MODELS = {name: CONFIGURATION["models"][name] for name in ("svm_sc", "cnn1d")}


def asked_for(cluster: Cluster, known: set[str]) -> list[bool]:
    """Tell for each new job whether it asked for a GPU."""
    new = [job for job in cluster.jobs("all") if job not in known]
    return sorted(re.search("gres[:/]gpu[:=]1", cluster.told(job)) is not None for job in new)


def test_cuda_asks_for_one_gpu_a_training(
    submitted: Project, cluster: Cluster, tmp_path: Path
) -> None:
    project = submitted.copy(tmp_path / "project")
    project.configure({**CONFIGURATION, "models": MODELS, "device": "cuda"})
    known = set(cluster.jobs("all"))
    target = "results/tiny/models/cnn1d/fold0_seed0.json"
    run = submit(project, cluster, target, "--retries", "0")
    # The node only claims to have GPUs, so torch does not find the one that the job was given.
    assert run.code == 1
    assert "device is cuda, but torch sees no GPU" in run.output
    assert asked_for(cluster, known) == [True]
    known = set(cluster.jobs("all"))
    svm = "results/tiny/models/svm_sc/fold0_seed0.json"
    run = submit(project, cluster, svm, "--forcerun", "train_svm")
    assert run.code == 0, run.output
    assert asked_for(cluster, known) == [False]


def test_without_cuda_nothing_asks_for_a_gpu(submitted: Project, cluster: Cluster) -> None:
    mine = [cluster.told(job) for job in cluster.jobs("all")]
    first = [told for told in mine if str(submitted.folder) in told]
    assert len(first) >= 4
    assert not any("gpu" in told for told in first)
