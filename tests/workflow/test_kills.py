"""Whatever moment a run is killed at, the next one ends as if nothing had been.

One run is killed again and again here. With SERFLOW_KILLS=20 in the environment that many runs are
killed once each as well, from the synthesis on, and each is finished and compared: about an hour.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from compared import REPORTS, different, reports_of
from project import BRIEF, CONFIGURATION, Project, kill_all, synthesize

CHAIN = 20
SEPARATE = int(os.environ.get("SERFLOW_KILLS", "0"))
TARGETS = ("report", "dag", "images")
# Small, and with the synthesis.
DEMO: dict[str, Any] = {
    **CONFIGURATION,
    "report": BRIEF,
    "corpus": {
        "name": "tiny",
        "adapter": "demo",
        "speakers": 4,
        "repetitions": 1,
        "intensities": 1,
        "rate": 8000,
    },
    "shards": 1,
    "features": {**CONFIGURATION["features"], "types": ["sc"]},
    "models": {
        "svm_sc": CONFIGURATION["models"]["svm_sc"],
        "cnn2d": {**CONFIGURATION["models"]["cnn2d"], "augmentations": ["none"]},
    },
}


def test_a_run_that_is_killed_again_and_again(finished: Project, tmp_path: Path) -> None:
    """Each time at another number of finished jobs, up to a second later."""
    project = Project.make(tmp_path / "project", CONFIGURATION)
    synthesize(project.path("wavs"))
    for source in finished.path("wavs").rglob("*.wav"):
        # The table of clips tells their times.
        told = source.stat()
        again = project.folder / source.relative_to(finished.folder)
        os.utime(again, ns=(told.st_atime_ns, told.st_mtime_ns))
    jobs = done(finished)
    drawn = random.Random(0)
    moments = sorted((drawn.randrange(jobs - 3), drawn.random()) for _ in range(CHAIN))
    killed = 0
    for wanted, delay in moments:
        killed += kill(project, lambda wanted=wanted: done(project) >= wanted, delay)
        recover(project)
    # The last may come too late on a machine that is slow to look.
    assert killed >= CHAIN - 2
    project.build(*TARGETS, cores=2)
    assert different(finished.results, project.results) == []
    expected = {name: (finished.results / name).read_bytes() for name in REPORTS}
    assert reports_of(project, finished.results) == expected


def test_a_synthesis_that_is_killed(tmp_path: Path) -> None:
    undisturbed = Project.make(tmp_path / "undisturbed", DEMO)
    undisturbed.build("clips")
    project = Project.make(tmp_path / "project", DEMO)
    for wanted in (1, 20):
        assert kill(project, lambda wanted=wanted: synthesized(project) >= wanted, 0, "clips")
        assert synthesized(project) < synthesized(undisturbed)
        recover(project)
    project.build("clips")
    assert different(undisturbed.results, project.results) == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, float]:
    """An undisturbed run with the synthesis, and the seconds it took."""
    project = Project.make(tmp_path_factory.mktemp("demo") / "project", DEMO)
    begin = time.monotonic()
    project.build(*TARGETS, cores=2)
    return project, time.monotonic() - begin


@pytest.mark.skipif(not SEPARATE, reason="long; SERFLOW_KILLS=20 kills twenty runs")
@pytest.mark.parametrize("number", range(SEPARATE))
def test_a_run_that_is_killed_once(
    number: int, demo: tuple[Project, float], tmp_path: Path
) -> None:
    undisturbed, seconds = demo
    project = Project.make(tmp_path / "project", DEMO)
    # One moment in each twentieth of the time.
    delay = (number + random.Random(number).random()) / SEPARATE * seconds
    while not kill(project, lambda: True, delay):
        # This run was faster than the undisturbed one.
        shutil.rmtree(project.folder)
        project = Project.make(tmp_path / "project", DEMO)
        delay *= 0.8
    print(f"killed after {delay:.1f} s of {seconds:.1f}, {done(project)} jobs done")
    recover(project)
    project.build(*TARGETS, cores=2)
    assert different(undisturbed.results, project.results) == []


def kill(project: Project, now: Callable[[], bool], delay: float, *targets: str) -> bool:
    """Start a run and kill it `delay` seconds after `now` has come; tell if it was still there."""
    process = project.start(*(targets or TARGETS), cores=2)
    try:
        while process.poll() is None and not now():
            time.sleep(0.02)
        ready = time.monotonic() + delay
        while process.poll() is None and time.monotonic() < ready:
            time.sleep(0.02)
        return process.poll() is None
    finally:
        kill_all(process)


def recover(project: Project) -> None:
    """Do what docs/reliability.md says before the same command is given again."""
    project.build("--unlock")


def done(project: Project) -> int:
    """Return how many jobs have ended, as Snakemake writes a benchmark for each."""
    return count(project.results / "benchmarks", ".tsv")


def synthesized(project: Project) -> int:
    return count(project.results / "wavs", ".wav")


def count(folder: Path, suffix: str) -> int:
    """Count finished files; folders may be deleted meanwhile, which ends a `glob` in an error."""
    return sum(
        name.endswith(suffix) and not name.startswith(".")
        for _, _, names in os.walk(folder)
        for name in names
    )
