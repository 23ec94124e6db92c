"""What surrounds a script's work; each case in a process of its own, as in the workflow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import logging, os, sys, warnings
from serflow.errors import UserError
from serflow.process import job, log

with job(3, sys.argv[1]):
    log.info("threads %s %s", os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"])
    warnings.warn("beware")
    {work}
"""


def run(log: Path, work: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(work=work), str(log)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_work_that_ends_well(tmp_path: Path):
    log = tmp_path / "new" / "a.log"
    done = run(log, "print('done')")
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    text = log.read_text(encoding="utf-8")
    assert "INFO threads 3 3" in text
    assert "UserWarning: beware" in text


def test_a_users_mistake_is_told_without_a_traceback(tmp_path: Path):
    log = tmp_path / "a.log"
    log.write_text("of an earlier run")
    done = run(log, "raise UserError('`key`: wrong')")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "\nSERflow: `key`: wrong\n\n"
    text = log.read_text(encoding="utf-8")
    assert "ERROR `key`: wrong" in text
    assert "Traceback" not in text
    assert "earlier" not in text


def test_a_defect_keeps_its_traceback(tmp_path: Path):
    log = tmp_path / "a.log"
    done = run(log, "1 / 0")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_a_full_disk_is_told_without_a_traceback(tmp_path: Path):
    log = tmp_path / "a.log"
    done = run(log, "open('/dev/full', 'w').write('x' * 100_000)")
    assert done.returncode == 1
    assert done.stderr.startswith("\nSERflow: an output cannot be written: the disk is full; ")
    assert "Traceback" not in log.read_text(encoding="utf-8") + done.stderr


def test_a_log_on_a_full_disk_ends_nothing():
    done = run(Path("/dev/full"), "print('done')")
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert "Traceback" not in done.stderr
