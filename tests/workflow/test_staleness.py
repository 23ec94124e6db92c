"""Change one thing, and exactly the stages that read it run again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from project import RESULTS, Project
from staleness import FILES, KEYS, TABLE, Jobs, Row, add_wav, append, plan, remove_wav


@pytest.fixture(scope="module")
def plans(
    request: pytest.FixtureRequest,
    finished: Project,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Jobs]]]:
    """The dry runs of all rows that were asked for: processes of their own, so two at a time."""
    rows = [
        item.callspec.params["row"]
        for item in request.session.items
        if item.module is request.module and "row" in item.fixturenames
    ]
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        yield {
            row.change: pool.submit(plan, row, finished, tmp_path_factory.mktemp("row") / "project")
            for row in rows
        }


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.change)
def test_key(row: Row, plans: dict[str, Future[Jobs]]) -> None:
    assert plans[row.change].result() == row.jobs


@pytest.mark.parametrize("row", FILES, ids=lambda row: row.change)
def test_event(row: Row, plans: dict[str, Future[Jobs]]) -> None:
    assert plans[row.change].result() == row.jobs


def test_no_change_stands_there_twice() -> None:
    assert len({row.change for row in TABLE}) == len(TABLE)


def test_a_second_run_runs_nothing(finished: Project) -> None:
    run = finished.build("report", "dag", "images")
    assert "Nothing to be done" in run.output
    assert run.jobs == {}


def test_recordings_that_came_and_went(finished: Project, tmp_path: Path) -> None:
    """After the run tables and pictures are of what is there, and nothing is stale."""
    project = finished.copy(tmp_path / "project")
    add_wav(project)
    remove_wav(project)
    project.build("features", "images")
    with np.load(project.results / "features" / "sc.npz", allow_pickle=False) as file:
        clips = file["clip"].tolist()
    assert "Calm/s02_3" in clips
    assert "Calm/s02_1" not in clips
    pictures = [path.stem for path in project.results.glob("images/Calm/*/Calm/*.png")]
    assert "s02_3" in pictures
    assert "s02_1" not in pictures
    assert project.planned(target="features") == project.planned(target="images") == {}


def test_edited_code_is_what_runs(finished: Project, tmp_path: Path) -> None:
    """The library is the one that lies beside the Snakefile, whichever else is installed."""
    project = finished.copy(tmp_path / "project")
    twice = "\n\nonce = features\n\n\ndef features(*given):\n"
    twice += "    return {kind: 2 * value for kind, value in once(*given).items()}\n"
    append(twice, "workflow", "serflow", "sound", "bands.py")(project)
    before = project.results / "features" / "sc.npz"
    with np.load(before, allow_pickle=False) as file:
        old = file["X"]
    project.build(f"{RESULTS}/features/sc.npz")
    with np.load(before, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["X"], 2 * old)
