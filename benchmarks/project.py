"""A private copy of the project, and Snakemake run in it and measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from common import PROJECT

PARTS = ("Snakefile", "rules", "workflow", "config", "profiles")


@dataclass(frozen=True)
class Measured:
    """One call of Snakemake: what it printed, seconds on the clock, peak memory of its process."""

    output: str
    seconds: float
    peak_mb: float


def copy(folder: Path) -> Path:
    """Copy what the workflow needs, without results."""
    folder.mkdir(parents=True)
    for part in PARTS:
        source = PROJECT / part
        if source.is_file():
            shutil.copy2(source, folder / part)
        else:
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def snakemake(folder: Path, *arguments: str, cores: int = 2) -> Measured:
    """Run Snakemake in `folder` and insist that it succeeds."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SNAKEMAKE_")}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments]
    with (folder / "printed.txt").open("w+", encoding="utf-8") as printed:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT
        )
        # This process's own usage: RUSAGE_CHILDREN would be the largest of all so far.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        output = printed.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{output[-3000:]}")
    return Measured(output, seconds, usage.ru_maxrss / 1024)
