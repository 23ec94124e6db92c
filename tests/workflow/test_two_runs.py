"""A second run on the same folder while the first one is at work: refused, and nothing is lost."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from compared import contents
from project import CONFIGURATION, RESULTS, Project, kill_all

TARGETS = [f"{RESULTS}/{name}" for name in ("gate.txt", "images.tsv")]


def test_the_second_run_is_refused(finished: Project, tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project", CONFIGURATION)
    project.path("wavs").symlink_to(finished.path("wavs"))
    first = project.start(*TARGETS)
    try:
        while first.poll() is None and not list(project.results.glob("recordings/*.tsv")):
            time.sleep(0.02)
        # It waits in the middle of its work, however long the second one takes to come.
        os.killpg(first.pid, signal.SIGSTOP)
        second = project.snakemake(*TARGETS)
        assert first.poll() is None
        os.killpg(first.pid, signal.SIGCONT)
        assert second.code != 0
        assert "LockException" in second.output
        assert "--unlock" in second.output
        assert first.wait(timeout=600) == 0
    finally:
        kill_all(first)
    expected = contents(finished.results)
    for name, held in contents(project.results).items():
        assert held == expected[name], name
    assert project.build(*TARGETS).jobs == {}
