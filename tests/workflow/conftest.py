"""One finished run of the whole workflow that the tests share, and a browser to look at it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browsing import launch
from project import CONFIGURATION, Project, synthesize


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny corpus' report, made once; what changes anything in it takes a copy.

    Of the processes that run tests side by side one makes it, and each has a copy of its own.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, whole = Project(shared / "made" / "project"), shared / "made" / "whole"
    with (shared / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            # Another process may have failed at it.
            shutil.rmtree(made.folder, ignore_errors=True)
            Project.make(made.folder, CONFIGURATION)
            synthesize(made.path("wavs"))
            made.build("report", "dag", "images", cores=2)
            whole.touch()
    return made.copy(tmp_path_factory.mktemp("finished") / "project")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; tests skip where there is none."""
    # Of a module and not of the session: what drives it keeps an event loop running, which tests
    # of other files may start themselves.
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
