"""Fixtures that every layer of tests shares."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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
