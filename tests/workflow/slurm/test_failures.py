"""What goes wrong in a cluster: memory, a broken job, a node, a Snakemake that is gone."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from cluster import Cluster
from project import CONFIGURATION, Project, rows
from submitting import (
    EPOCHS,
    NET,
    PROFILE,
    TARGET,
    epochs,
    slurm_jobs,
    submit,
    variables,
    with_a_long_training,
)

SVM = "results/tiny/models/svm_sc/fold0_seed0.json"
BROKEN = """
from torch import nn


class Broken(nn.Module):
    def __init__(self, n_classes, input_shape):
        raise RuntimeError("this network is broken")
"""


@pytest.fixture
def project(submitted: Project, tmp_path: Path) -> Project:
    """A copy of the finished project."""
    return submitted.copy(tmp_path / "project")


@pytest.fixture
def training(project: Project, cluster: Cluster):
    """A project whose one training runs in a Slurm job, and the Snakemake that submitted it."""
    with_a_long_training(project)
    cluster.until(lambda: not cluster.jobs(), "an idle cluster")
    snakemake = project.start(TARGET, *PROFILE, variables=variables(cluster))
    try:
        cluster.until(lambda: epochs(project) >= 3, "a training's third epoch")
        assert snakemake.poll() is None
        yield project, snakemake
    finally:
        if snakemake.poll() is None:
            os.killpg(snakemake.pid, signal.SIGKILL)
            snakemake.wait()
        for job in cluster.jobs():
            cluster.call("scancel", job, check=False)
        cluster.until(lambda: not cluster.jobs(), "an idle cluster")


def test_a_job_over_its_memory_is_tried_again_with_more(project: Project, cluster: Cluster) -> None:
    before = project.path(SVM.replace(".json", ".skops")).read_bytes()
    known = cluster.jobs("all")
    # Too little for Python with scikit-learn, then plenty: one line of the command each attempt.
    memory = "train_svm:mem_mb=200 * 6 ** (attempt - 1)"
    run = submit(project, cluster, SVM, "--forcerun", "train_svm", "--set-resources", memory)
    assert run.code == 0, run.output
    assert "Trying to restart job" in run.output
    assert slurm_jobs(run.output) == {"svm": 2}
    assert project.path(SVM.replace(".json", ".skops")).read_bytes() == before
    asked = [cluster.told(job) for job in cluster.jobs("all") if job not in known]
    assert sorted("mem=1200M" in told for told in asked) == [False, True]
    assert sorted("JobState=COMPLETED" in told for told in asked) == [False, True]


def test_a_failing_job_names_its_logs_and_the_rest_goes_on(
    project: Project, cluster: Cluster
) -> None:
    project.path("broken.py").write_text(BROKEN, encoding="utf-8")
    custom = {"family": "custom", "file": "broken.py", "class": "Broken", "input": "image"}
    models = {
        "broken": {**custom, "epochs": 1},
        "svm_new": {**CONFIGURATION["models"]["svm_sc"], "C": 3},
    }
    project.configure({**CONFIGURATION, "models": models})
    run = submit(project, cluster, "models", "--retries", "0")
    assert run.code == 1
    # What went wrong, in words; and where to read more: the job's own log, and Slurm's.
    assert "this network is broken" in run.output
    assert "logs/tiny/models/broken/fold0_seed0.log" in run.output
    assert ".snakemake/slurm_logs/rule_train_network/" in run.output
    for fold in (0, 1):
        assert project.path(f"results/tiny/models/svm_new/fold{fold}_seed0.json").is_file()
        assert not project.path(f"results/tiny/models/broken/fold{fold}_seed0.json").exists()


def test_no_member_of_a_failed_slurm_job_passes_for_done(
    project: Project, cluster: Cluster
) -> None:
    """All are stale and in one Slurm job; one fails, and what was not begun is still to be done."""
    configuration = {**CONFIGURATION, "spectrogram": {**CONFIGURATION["spectrogram"], "frames": 29}}
    project.configure(configuration)
    stale = project.planned(target="features")
    assert stale["spectrograms"] == stale["cepstra"] == 3
    clip = rows(project.results / "clips.tsv")[0]
    path = project.path(clip["path"])
    before, sound = path.stat(), path.read_bytes()

    def becomes(content: bytes) -> None:
        # Size and time as they were, so that the recordings need no new look.
        path.write_bytes(content)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    becomes(b"no WAV at all".ljust(len(sound)))
    run = submit(project, cluster, "features", "--retries", "0")
    assert run.code == 1
    assert clip["path"] in run.output
    assert slurm_jobs(run.output) == {"extraction": 1}
    becomes(sound)
    left = project.planned(target="features")
    assert all(left[rule] >= count for rule, count in stale.items()), left
    again = submit(project, cluster, "features")
    assert again.code == 0, again.output
    assert project.planned(target="features") == {}


def test_a_job_that_slurm_refuses_does_not_pass_for_done(
    project: Project, cluster: Cluster
) -> None:
    models = {**CONFIGURATION["models"], "svm_sc": {**CONFIGURATION["models"]["svm_sc"], "C": 3}}
    project.configure({**CONFIGURATION, "models": models})
    too_much = ("--retries", "0", "--set-resources", "train_svm:mem_mb=10**9")
    assert submit(project, cluster, SVM, *too_much).code == 1
    assert project.planned(target=SVM) == {"train_svm": 1}
    # Of a job alone Snakemake tells what sbatch said.
    run = submit(project, cluster, SVM, *too_much, "--group-components", "report=16")
    assert run.code == 1
    assert "sbatch failed" in run.output
    assert "Memory specification can not be satisfied" in run.output
    assert project.planned(target=SVM) == {"train_svm": 1}


def test_a_node_that_goes_down_gives_its_jobs_back(training, cluster: Cluster) -> None:
    project, snakemake = training
    (job,) = cluster.jobs()
    cluster.call("scontrol", "update", "nodename=n1", "state=down", "reason=test")
    cluster.until(lambda: "Restarts=1" in cluster.told(job), "the job's way back into the queue")
    cluster.resume()
    assert snakemake.wait(timeout=240) == 0
    assert epochs(project) == NET["epochs"]
    assert project.planned(target=TARGET) == {}


def test_an_interrupted_run_cancels_its_jobs_and_the_next_finishes(
    training, cluster: Cluster
) -> None:
    project, snakemake = training
    os.kill(snakemake.pid, signal.SIGINT)
    assert snakemake.wait(timeout=60) != 0
    cluster.until(lambda: not cluster.jobs(), "an idle cluster")
    assert not project.path(TARGET).exists()
    run = submit(project, cluster, TARGET)
    assert run.code == 0, run.output
    assert epochs(project) == NET["epochs"]


def look(command: str, project: Project, cluster: Cluster, status: int = 0) -> str:
    """Run a command of docs/cluster.md that looks at what runs."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=project.folder,
        env=cluster.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, "")
    return done.stdout


def test_after_a_kill_the_documented_recovery_loses_nothing(training, cluster: Cluster) -> None:
    project, snakemake = training
    finished = {path: path.stat().st_mtime_ns for path in project.results.glob("features/**/*.npz")}
    # The documented ways of watching show the job, its log and Slurm's.
    assert "network" in look("squeue --me --format='%.10i %.10T %.10M %k'", project, cluster)
    log = "tail -f logs/CORPUS/models/MODEL/fold0_seed0.log"
    log = log.replace("CORPUS", "tiny").replace("MODEL", "net")
    assert "epoch" in look(f"timeout 1 {log} --lines=+1", project, cluster, 124)
    assert "network" in look("ls .snakemake/slurm_logs/", project, cluster)
    os.kill(snakemake.pid, signal.SIGKILL)
    snakemake.wait()
    # As docs/cluster.md has it: the jobs do not know that nobody waits for them.
    assert len(cluster.jobs()) == 1
    subprocess.run(
        'scancel --me && while [ -n "$(squeue --me --noheader)" ]; do sleep 1; done',
        shell=True,
        env=cluster.environment,
        check=True,
        timeout=60,
    )
    assert "Directory cannot be locked" in submit(project, cluster, TARGET).output
    assert submit(project, cluster, "--unlock").code == 0
    run = submit(project, cluster, TARGET)
    assert run.code == 0, run.output
    assert sum(slurm_jobs(run.output).values()) == 1
    assert len(rows(project.path(EPOCHS))) == NET["epochs"]
    assert finished == {path: path.stat().st_mtime_ns for path in finished}
