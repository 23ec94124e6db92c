"""One transform for features and images: what a job leaves the other takes, and nothing stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from project import SMALL, Project, synthesize
from staleness import CHECKS, edit_wav

OFFSET = ("--config", 'images={"log_offset": 1.0e-6}')


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with its features, and no image yet."""
    project = Project.make(tmp_path_factory.mktemp("handover") / "project", SMALL)
    synthesize(project.path("wavs"))
    project.build("features")
    return project


def waiting(project: Project) -> list[Path]:
    return sorted(project.results.joinpath("handover").rglob("*.npy"))


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


def test_jobs_side_by_side_leave_nothing_behind(extracted: Project, tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project", SMALL)
    synthesize(project.path("wavs"))
    project.build("features", "images", cores=4)
    assert waiting(project) == []
    assert len(pictures(project)) == 36


def test_after_a_change_of_a_recording_its_shard_shares_a_transform_again(
    extracted: Project, tmp_path: Path
) -> None:
    project = extracted.copy(tmp_path / "project")
    project.build("images")
    edit_wav(project)
    assert project.planned(target="images") == {
        **CHECKS,
        **dict.fromkeys(("recordings", "image_shard", "image_table"), 1),
    }
    project.build("features")
    assert len(waiting(project)) == 1
    before = pictures(project)
    project.build("images")
    assert origins(project) == {"handed over"}
    assert waiting(project) == []
    assert [name for name, png in pictures(project).items() if before[name] != png] == [
        next(name for name in before if name.endswith("s02_1.png") and name.startswith("Calm"))
    ]


def test_a_damaged_file_is_passed_over(extracted: Project, tmp_path: Path) -> None:
    project = extracted.copy(tmp_path / "project")
    for left in waiting(project):
        left.write_bytes(left.read_bytes()[:-1])
    project.build("images")
    assert origins(project) == {"transformed here"}
    assert waiting(project) == []
    assert len(pictures(project)) == 36


def test_images_of_sounds_that_were_made_anew_are_not_taken(tmp_path: Path) -> None:
    corpus = {"name": "tiny", "adapter": "demo"}
    project = Project.make(
        tmp_path / "project", {**SMALL, "corpus": corpus, "protocol": {"type": "group-k-fold"}}
    )
    project.build("features")
    assert len(waiting(project)) == 2
    project.build("images", "--forcerun", "synthesize")
    assert origins(project) == {"transformed here"}


def test_other_shards_leave_nothing_behind(extracted: Project, tmp_path: Path) -> None:
    project = extracted.copy(tmp_path / "project")
    project.build("images", "--config", "shards=1")
    assert waiting(project) == []
    assert [path.name for path in project.results.joinpath("handover").iterdir()] == ["0.txt"]


def test_spectrograms_that_are_not_kept_go_shard_by_shard(tmp_path: Path) -> None:
    configuration = {
        **SMALL,
        "shards": 4,
        "spectrogram": {**SMALL["spectrogram"], "keep": False},
    }
    project = Project.make(tmp_path / "project", configuration)
    synthesize(project.path("wavs"))
    run = project.build("features")
    order = re.findall(r"Job \d+: (Mel spectrograms|SC, SBW and SBE) of shard", run.output)
    assert order == ["Mel spectrograms", "SC, SBW and SBE"] * 4


def test_whether_images_were_left_makes_nothing_stale(extracted: Project, tmp_path: Path) -> None:
    project = extracted.copy(tmp_path / "project")
    assert project.planned(target="features") == {}
    for left in waiting(project):
        left.unlink()
    assert project.planned(target="features") == {}
    assert project.planned(target="images") == {"image_shard": 2, "image_table": 1}
