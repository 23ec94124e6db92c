"""Imports: what each script of the workflow costs before its work begins.

Each script's own import statements are run in a fresh interpreter, after what Snakemake puts before
every script; that alone is the floor. Beside it one module of helpers for everything, as a project
without a rule for this has it, which every script would import.
"""

from __future__ import annotations

import ast
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from common import PROJECT, Options, Row

ROUNDS = 3
SCRIPTS = PROJECT / "workflow" / "scripts"
# What Snakemake 9 writes above a script: the job comes as a pickle of its own class.
PREAMBLE = """
import sys
import pickle
from snakemake.iocontainers import Snakemake
from snakemake.logging import logger
"""
HELPERS = """
import librosa
import matplotlib.pyplot
import numpy
import pandas
import sklearn.svm
import torch
"""


def measure(options: Options) -> list[Row]:
    """Measure every script, all in turn."""
    scripts = sorted(SCRIPTS.glob("*.py"))
    programs = {script.stem: PREAMBLE + statements(script) for script in scripts}
    floor, helpers = "the floor", "helpers for everything"
    programs |= {floor: PREAMBLE, helpers: PREAMBLE + HELPERS}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            times[name].append(processor_ms(program, options.folder))
    median = {name: statistics.median(values) for name, values in times.items()}
    return [
        Row(
            "imports",
            f"start of {script.stem}",
            "ms, core",
            median[script.stem],
            median[helpers],
            median[floor],
        )
        for script in scripts
    ]


def statements(script: Path) -> str:
    """Return the import statements that a script runs, those in its functions too."""
    kept: list[ast.stmt] = []
    waiting: list[ast.AST] = [ast.parse(script.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept.append(node)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            waiting = [*ast.iter_child_nodes(node), *waiting]
    return "\n".join(map(ast.unparse, kept))


def processor_ms(program: str, folder: Path) -> float:
    """Milliseconds of processor time of a fresh interpreter that runs `program`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
