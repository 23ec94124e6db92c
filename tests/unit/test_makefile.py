"""What `make report` asks Snakemake for, on a terminal and without one."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest


def asked(root: Path, folder: Path, stderr: int) -> str:
    """Run `make report` with a Snakemake that writes down what it was asked for."""
    told = folder / "told.txt"
    fake = folder / "snakemake"
    fake.write_text(f'#!/bin/sh\necho "$*" > "{told}"\n', encoding="utf-8")
    fake.chmod(0o755)
    stamp = folder / "installed"  # newer than the pins, whatever time a checkout gave them
    stamp.touch()
    command = ["make", "report", f"BIN={folder}", "CORES=2", f"STAMP={stamp}"]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL, stderr=stderr)
    return told.read_text(encoding="utf-8").strip()


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_report_shows_bars_on_a_terminal_only(root: Path, tmp_path: Path):
    assert asked(root, tmp_path, subprocess.DEVNULL) == "--cores 2 report"
    ours, theirs = pty.openpty()
    try:
        assert asked(root, tmp_path, theirs) == "--logger rich --cores 2 report"
    finally:
        os.close(ours)
        os.close(theirs)
