"""Fixtures that every layer of tests shares."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Machines are noisy: no test fails for being slow, and CI draws the same examples every time.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, which a run in several processes (`-n`) ends sooner by."""
    items.sort(key=lambda item: ("/slurm/" not in item.nodeid, "/workflow/" not in item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a file's tests in one process, and all tests of Slurm: they share costly fixtures."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFixtures(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "slurm" if "/slurm/" in nodeid else nodeid.split("::", 1)[0]

    return ByFixtures(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def ravdess() -> Path:
    """A folder of real recordings beside the project; its tests skip where it is absent."""
    folder = ROOT.parent / "shared" / "data" / "ravdess"
    if not folder.is_dir():
        pytest.skip(f"real recordings are not at hand: {folder} does not exist")
    return folder
