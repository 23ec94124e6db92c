"""Freed memory is kept for the next arrays."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from serflow import heap

CODE = """
import resource
import numpy as np
from serflow.heap import keep_freed_memory

assert keep_freed_memory()

def step():
    arrays = [np.ones(2_000_000, np.float32) for _ in range(5)]
    return sum(float(array[0]) for array in arrays)

for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="for glibc only")
def test_pages_are_handed_out_once_only() -> None:
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    # Five steps of 40 MB each touch some 49,000 pages of 4 KiB.
    assert int(run.stdout) < 100


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: object())
    assert heap.keep_freed_memory() is False
