"""Folders that are not as everywhere: odd names, another disk, recordings that can only be read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from mounts import change, disk
from project import BRIEF, CONFIGURATION, Project

MODELS = CONFIGURATION["models"]


def test_a_whole_run_among_odd_folders(finished: Project, tmp_path: Path) -> None:
    """In one run: blanks and letters of all kinds, a read-only disk, results on another one."""
    recordings = tmp_path / "my disk, schön" / "all recordings"
    project = Project.make(
        tmp_path / "l'émotion (été) ü ß 情" / "my project",
        {
            **CONFIGURATION,
            "report": BRIEF,
            "corpus": {**CONFIGURATION["corpus"], "path": str(recordings)},
            "shards": 2,
            "features": {**CONFIGURATION["features"], "types": ["sc"]},
            "models": {
                "svm_sc": MODELS["svm_sc"],
                "cnn1d": MODELS["cnn1d"],
                "cnn2d": {**MODELS["cnn2d"], "augmentations": ["none"]},
            },
        },
    )
    with disk(recordings.parent, "8m"), disk(tmp_path / "other disk", "64m"):
        shutil.copytree(finished.path("wavs"), recordings)
        change(recordings.parent, "ro")
        with pytest.raises(OSError, match="Read-only"):
            recordings.joinpath("x").touch()
        project.path("results").symlink_to(tmp_path / "other disk")
        # What a kill leaves is found there as well.
        left = project.results / "evaluation" / ".part-01234567-left.tsv"
        left.parent.mkdir(parents=True)
        left.touch()
        os.utime(left, (0, 0))
        project.build("report", "dag", "images", cores=2)
        assert not left.exists()
        assert project.build("report", "dag", "images").jobs == {}
        for model in ("svm_sc", "cnn1d", "cnn2d"):
            for fold in (0, 1):
                name = f"predictions/{model}/fold{fold}_seed0.tsv"
                expected = (finished.results / name).read_bytes()
                assert (project.results / name).read_bytes() == expected
        assert (project.results / "report" / "report.pdf").read_bytes().startswith(b"%PDF-")
