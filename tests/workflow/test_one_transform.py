"""One transform for features and images: what a job leaves the other takes, and nothing stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from project import SMALL, Project, synthesize

OFFSET = ("--config", 'images={"log_offset": 1.0e-6}')


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with its features, and no image yet."""
    project = Project.make(tmp_path_factory.mktemp("handover") / "project", SMALL)
    synthesize(project.path("wavs"))
    project.build("features")
    return project


def waiting(project: Project) -> list[Path]:
    return sorted(path for path in project.results.joinpath("handover").rglob("*"))


def pictures(project: Project) -> dict[str, bytes]:
    folder = project.results / "images"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.png")
    }


def origins(project: Project) -> set[str]:
    """Where the jobs of the images say that these come from."""
    logs = project.path("logs", "tiny", "images").glob("*.log")
    return {log.read_text(encoding="utf-8").strip().rpartition(", ")[2] for log in logs}


def test_images_are_taken_from_the_features_transform(extracted: Project, tmp_path: Path) -> None:
    assert len(waiting(extracted)) == 2
    taking = extracted.copy(tmp_path / "taking")
    taking.build("images")
    assert origins(taking) == {"handed over"}
    assert waiting(taking) == []

    alone = extracted.copy(tmp_path / "alone")
    for left in waiting(alone):
        left.unlink()
    alone.build("images")
    assert origins(alone) == {"transformed here"}
    assert len(pictures(alone)) == 36
    assert pictures(taking) == pictures(alone)


def test_images_that_would_be_made_differently_now_are_not_taken(
    extracted: Project, tmp_path: Path
) -> None:
    project = extracted.copy(tmp_path / "project")
    project.build("images", *OFFSET)
    assert origins(project) == {"transformed here"}
    assert waiting(project) == []
    changed = pictures(project)

    # With the images there, new spectrograms leave none: nobody would take them.
    project.build("features", "--forcerun", "spectrograms", *OFFSET)
    assert waiting(project) == []
    assert project.planned(*OFFSET, target="images") == {}

    project.build("images")
    assert origins(project) == {"transformed here"}
    assert len(pictures(project)) == len(changed) == 36
    assert pictures(project) != changed


def test_whether_images_were_left_makes_nothing_stale(extracted: Project, tmp_path: Path) -> None:
    project = extracted.copy(tmp_path / "project")
    assert project.planned(target="features") == {}
    for left in waiting(project):
        left.unlink()
    assert project.planned(target="features") == {}
    assert project.planned(target="images") == {"image_shard": 2, "image_table": 1}
