"""One finished run of the whole workflow that the tests share, and a browser to look at it."""

from __future__ import annotations

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
    """The tiny corpus' report, made once; what changes anything in it takes a copy."""
    project = Project.make(tmp_path_factory.mktemp("finished") / "project", CONFIGURATION)
    synthesize(project.path("wavs"))
    project.build("report", "dag", "images", cores=2)
    return project


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; tests skip where there is none."""
    # Of a module and not of the session: what drives it keeps an event loop running, which tests
    # of other files may start themselves.
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
