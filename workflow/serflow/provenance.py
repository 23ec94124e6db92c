"""Where a run's numbers come from: programs, code, configuration, recordings, machine."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from serflow.corpora.checking import UNUSABLE
from serflow.version import VERSION

PACKAGES = (
    "snakemake",
    "numpy",
    "scipy",
    "scikit-learn",
    "torch",
    "pillow",
    "librosa",
    "opencv-python-headless",
)
"""What a number may depend on, so that the report names it."""

Row = Mapping[str, Any]


def collect(
    config: Mapping[str, Any],
    clips: Iterable[Row],
    recordings: Iterable[Row],
    records: Iterable[Row],
    project: str | Path,
) -> dict[str, Any]:
    """Return what a report's numbers come from; no times, so that the same run tells the same.

    Parameters
    ----------
    config
        The completed configuration.
    clips, recordings
        Rows of the tables of those names.
    records
        The records of all trainings; `device` is read.
    project
        The folder of the Snakefile.

    Returns
    -------
    dict
        `versions` (of what a number may depend on), `environment` (of all that is installed),
        `commit` (see `commit`), `configuration`, `corpus` (`name`, `clips`, `unusable`,
        `speakers`, `labels`, `fingerprint`) and `hardware` of the machine that asks, which on a
        cluster is one of several; `devices` are those that trained.
    """
    clips, recordings = list(clips), list(recordings)
    return {
        "versions": versions(),
        "environment": environment(),
        "commit": commit(project),
        "configuration": dict(config),
        "corpus": {
            "name": config["corpus"]["name"],
            "clips": len(clips),
            "unusable": sum(row["verdict"] == UNUSABLE for row in recordings),
            "speakers": len({row["speaker"] for row in clips} - {""}),
            "labels": sorted({row["label"] for row in clips}),
            "fingerprint": fingerprint(clips, recordings),
        },
        "hardware": hardware(),
        "devices": sorted({row["device"] for row in records if row.get("device")}),
    }


def trainings(records: Iterable[str | Path]) -> dict[str, list[str]]:
    """Return the trainings that the report goes by, ``{"svm": ["fold0_seed0"]}``.

    Files of an earlier configuration may lie beside theirs.

    Parameters
    ----------
    records
        Paths of the trainings' records, ``models/{model}/fold{fold}_seed{seed}.json``.
    """
    found: dict[str, list[str]] = {}
    for record in map(Path, records):
        found.setdefault(record.parent.name, []).append(record.stem)
    return found


def versions() -> dict[str, str]:
    """Return the version of everything that a number may depend on."""
    found = {"SERflow": VERSION, "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def environment() -> dict[str, str]:
    """Return the version of every installed distribution, by its name, sorted."""
    # A folder that was left half removed has no name.
    found = {one.metadata["Name"]: one.version for one in metadata.distributions()}
    return {name: found[name] for name in sorted(filter(None, found), key=str.lower)}


def commit(project: str | Path) -> dict[str, Any]:
    """Return the commit of the code, and whether files of it were changed since.

    Returns
    -------
    dict
        `id`, None where `project` is not the top of a Git repository or there is no Git, and
        `modified`, None likewise.
    """
    unknown: dict[str, Any] = {"id": None, "modified": None}
    top = _git(project, "rev-parse", "--show-toplevel")
    # Unpacked somewhere in another project, the code has no commit of its own.
    if not top or os.path.realpath(top) != os.path.realpath(project):
        return unknown
    found = _git(project, "rev-parse", "HEAD")
    if found is None:
        return unknown
    changed = _git(project, "status", "--porcelain", "--untracked-files=no")
    return {"id": found, "modified": None if changed is None else bool(changed)}


def fingerprint(clips: Iterable[Row], recordings: Iterable[Row]) -> str:
    """Return 32 hexadecimal digits of names, labels, speakers and sounds, wherever the files lie.

    Parameters
    ----------
    clips
        `clip`, `label` and `speaker` are read.
    recordings
        `clip` and `pcm_hash` are read.
    """
    sounds = {row["clip"]: row["pcm_hash"] for row in recordings}
    lines = sorted(
        repr([row["clip"], row["label"], row["speaker"], sounds.get(row["clip"], "")])
        for row in clips
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def hardware() -> dict[str, Any]:
    """Return processor, cores, memory (GiB) and system of this machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    told = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return told[0] if told else platform.processor() or platform.machine()


def _git(project: str | Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
