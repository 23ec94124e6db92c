"""Small disks of one's own, for tests that need one that is full or can only be read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def disk(folder: Path, size: str) -> Iterator[None]:
    """Mount an empty disk in memory at `folder`; the test skips where that is not allowed."""
    folder.mkdir(parents=True)
    if os.geteuid() != 0:
        pytest.skip("mounting a disk takes root")
    done = _call("mount", "-t", "tmpfs", "-o", f"size={size}", "serflow-test", str(folder))
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        # Lazily: a process that just ended may still be seen there.
        _call("umount", "--lazy", str(folder))


def change(folder: Path, options: str) -> None:
    """Mount a disk again with other options, such as ``size=1m`` or ``ro``."""
    done = _call("mount", "-o", f"remount,{options}", str(folder))
    assert done.returncode == 0, done.stderr


def _call(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
