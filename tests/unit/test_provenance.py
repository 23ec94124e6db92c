"""Where a run's numbers come from."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy
import pytest

from serflow import provenance
from serflow.version import VERSION

CLIPS = [
    {"clip": "a", "label": "Sad", "speaker": "1", "path": "here/a.wav"},
    {"clip": "b", "label": "Joy", "speaker": "", "path": "here/b.wav"},
]
RECORDINGS = [
    {"clip": "a", "verdict": "ok", "pcm_hash": "12"},
    {"clip": "b", "verdict": "unusable", "pcm_hash": ""},
]


def test_everything_is_told_and_is_json(tmp_path: Path):
    config = {"corpus": {"name": "mine"}, "seeds": [0]}
    records = [{"device": "cpu"}, {}, {"device": "cuda"}, {"device": "cpu"}]
    told = provenance.collect(config, CLIPS, RECORDINGS, records, tmp_path)
    assert json.loads(json.dumps(told)) == told
    assert told["versions"]["SERflow"] == VERSION
    assert told["versions"]["numpy"] == told["environment"]["numpy"] == numpy.__version__
    assert told["configuration"] == config
    assert told["devices"] == ["cpu", "cuda"]
    fingerprint = told["corpus"].pop("fingerprint")
    assert len(fingerprint) == 32
    assert told["corpus"] == {
        "name": "mine",
        "clips": 2,
        "unusable": 1,
        "speakers": 1,
        "labels": ["Joy", "Sad"],
    }
    assert told["hardware"]["cores"] >= 1
    assert told["hardware"]["memory_gib"] > 0
    assert told["hardware"]["processor"]


def test_the_fingerprint_is_of_the_corpus_wherever_it_lies():
    moved = [{**row, "path": "there"} for row in reversed(CLIPS)]
    first = provenance.fingerprint(CLIPS, RECORDINGS)
    assert provenance.fingerprint(moved, RECORDINGS) == first
    relabelled = [{**CLIPS[0], "label": "Joy"}, CLIPS[1]]
    assert provenance.fingerprint(relabelled, RECORDINGS) != first
    heard = [{**RECORDINGS[0], "pcm_hash": "13"}, RECORDINGS[1]]
    assert provenance.fingerprint(CLIPS, heard) != first


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *named, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_and_whether_files_were_changed(tmp_path: Path):
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "-q")
    assert provenance.commit(project) == {"id": None, "modified": None}
    (project / "a.txt").write_text("one")
    git(project, "add", "a.txt")
    git(project, "commit", "-qm", "first")
    known = {"id": git(project, "rev-parse", "HEAD"), "modified": False}
    assert provenance.commit(project) == known
    (tmp_path / "link").symlink_to("project")
    assert provenance.commit(tmp_path / "link") == known
    (project / "a.txt").write_text("two")
    assert provenance.commit(project)["modified"] is True


def test_the_commit_of_a_repository_around_it_is_another_ones(tmp_path: Path):
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-qm", "of something else", "--allow-empty")
    (tmp_path / "project").mkdir()
    assert provenance.commit(tmp_path / "project") == {"id": None, "modified": None}
    assert provenance.commit(tmp_path)["id"]


def test_without_git_the_commit_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert provenance.commit(tmp_path) == {"id": None, "modified": None}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.commit(tmp_path) == {"id": None, "modified": None}
