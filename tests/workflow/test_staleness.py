"""Change one thing, and exactly the stages that read it run again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from project import Project
from staleness import FILES, KEYS, TABLE, Jobs, Row, plan


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
        if item.module is request.module and "row" in getattr(item, "callspec", item).params
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
