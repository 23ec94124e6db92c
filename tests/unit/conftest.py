"""Fixtures that unit tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_report import Assemble, assembler


@pytest.fixture
def assemble(tmp_path: Path) -> Assemble:
    """Return a function that assembles a small report; keywords change its parts."""
    return assembler(tmp_path)
