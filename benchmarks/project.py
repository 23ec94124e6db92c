"""A private copy of the project, and Snakemake run in it and measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common import PROJECT

PARTS = ("Snakefile", "rules", "workflow", "config", "profiles")
PEAK = "peak memory in kB: "
# A small process between: what a program has used at most counts from its parent's memory on.
BETWEEN = f"""
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print("{PEAK}", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, sep="")
sys.exit(code)
"""


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


def snakemake(
    folder: Path, *arguments: str, program: Sequence[str] = ("-m", "snakemake")
) -> Measured:
    """Run Snakemake on two cores in `folder` and insist that it succeeds.

    `program` is what Python runs instead of Snakemake's own command line.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SNAKEMAKE_")}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-c", BETWEEN, sys.executable, *program, "--cores", "2", *arguments]
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed in {folder}:\n{done.stdout[-3000:]}")
    output, _, peak = done.stdout.rpartition(PEAK)
    return Measured(output, seconds, int(peak) / 1024)
