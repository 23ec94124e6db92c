"""One finished run of the whole workflow that the tests share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from project import CONFIGURATION, Project, synthesize


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny corpus' report, made once; what changes anything in it takes a copy."""
    project = Project.make(tmp_path_factory.mktemp("finished") / "project", CONFIGURATION)
    synthesize(project.path("wavs"))
    project.build("report", "dag", "images", cores=2)
    return project
