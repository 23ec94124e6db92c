"""Fixtures that every layer of tests shares."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

# Machines are noisy: no test fails for being slow, and CI draws the same examples every time.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, and into one process what shares a costly fixture.

    With several processes (`-n`) a file's tests stay together, and all tests of Slurm do.
    """
    items.sort(key=lambda item: not _under("workflow", item))
    items.sort(key=lambda item: not _under("slurm", item))
    for item in items:
        group = "slurm" if _under("slurm", item) else str(item.path.relative_to(ROOT))
        item.add_marker(pytest.mark.xdist_group(group))


def _under(folder: str, item: pytest.Item) -> bool:
    return folder in item.path.relative_to(ROOT).parts


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
