"""A disk that gets full: the user is told so, and nothing is lost or half written."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest
from compared import contents
from mounts import change, disk
from project import CONFIGURATION, RESULTS, Project, synthesize

TARGETS = [
    f"{RESULTS}/{name}"
    for name in (
        "images.tsv",
        "models/svm_mfcc12/fold0_seed0.json",
        "models/svm_sc/fold0_seed0.json",
        "models/cnn1d/fold0_seed0.json",
    )
]
# Of the disk: too small for the tables, for the spectrograms, for what follows.
SIZES = ("28k", "256k", "900k")


def test_told_in_words_and_finished_when_there_is_room(finished: Project, tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project", CONFIGURATION)
    project.path("wavs").symlink_to(finished.path("wavs"))
    expected = contents(finished.results)
    with disk(tmp_path / "disk", SIZES[0]):
        project.path("results").symlink_to(tmp_path / "disk")
        for size in SIZES:
            change(tmp_path / "disk", f"size={size}")
            run = project.snakemake(*TARGETS)
            assert run.code != 0
            assert "SERflow: " in run.output, run.output
            assert "cannot be written: the disk is full" in run.output
            assert f"({project.results.resolve()}" in run.output
            assert "the same command again" in run.output
            assert_whole(project, expected)
        change(tmp_path / "disk", "size=64m")
        project.build(*TARGETS)
        assert_whole(project, expected)
        assert not list(project.results.glob("handover/*.npy"))
        assert all(project.path(target).is_file() for target in TARGETS)


def assert_whole(project: Project, expected: dict[str, object]) -> None:
    """Insist that all there is, is as in an undisturbed run; images may wait for their job."""
    found = contents(project.results)
    odd = [
        name
        for name, held in found.items()
        if held != expected.get(name, "") and not fnmatch(name, "handover/[0-9]-*.npy")
    ]
    assert odd == []


def test_results_that_cannot_be_written(finished: Project, tmp_path: Path) -> None:
    """Told once, before any job, and without the lock staying."""
    project = Project.make(tmp_path / "project", CONFIGURATION)
    project.path("wavs").symlink_to(finished.path("wavs"))
    target = f"{RESULTS}/recordings/0.tsv"
    with disk(tmp_path / "disk", "1m"):
        project.path("results").symlink_to(tmp_path / "disk")
        change(tmp_path / "disk", "ro")
        run = project.snakemake(target)
        assert run.code != 0
        assert f"SERflow: {RESULTS} cannot be written: the disk can only be read" in run.output
        assert "Traceback" not in run.output
        # Looking needs no writing.
        assert project.planned(target=target) == {"recordings": 1}
        change(tmp_path / "disk", "rw")
        project.build(target)


@pytest.mark.parametrize("kind", ["a link that leads nowhere", "a file", "a file within"])
def test_results_that_are_no_folder(kind: str, tmp_path: Path) -> None:
    """Told before Snakemake looks for anything in them, also where nothing would be made."""
    project = Project.make(tmp_path / "project", CONFIGURATION)
    synthesize(project.path("wavs"))
    place = project.path("results")
    if kind == "a link that leads nowhere":
        place.symlink_to(tmp_path / "scratch")
        words = f"is a link to {tmp_path / 'scratch'}, which is not there"
    else:
        if kind == "a file within":
            place.mkdir()
            place = project.results
        place.touch()
        words = "is there, but is no folder"
    for more in ([], ["-n"]):
        run = project.snakemake(f"{RESULTS}/recordings/0.tsv", *more)
        assert run.code != 0
        assert f"SERflow: {RESULTS} cannot be written: " in run.output, run.output
        assert words in run.output
        assert "Traceback" not in run.output
