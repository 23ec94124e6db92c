"""The same recordings and configuration give the same results, wherever they are run and how."""

from __future__ import annotations

import os
import random
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compared import REPORTS, different, reports_of
from project import CONFIGURATION, Project

TARGETS = ("report", "dag", "images")
# Read by every Python before anything else: folders are listed the other way round.
TURNED = """
import os

listdir, scandir = os.listdir, os.scandir


class Entries:
    def __init__(self, *arguments):
        with scandir(*arguments) as found:
            self.entries = iter(sorted(found, key=lambda entry: entry.name, reverse=True))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.entries)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        pass


os.listdir = lambda *arguments: sorted(listdir(*arguments), reverse=True)
os.scandir = Entries
"""


def test_a_run_where_everything_around_it_is_different(finished: Project, tmp_path: Path) -> None:
    """Path, cores, order of files, language, time zone, hash seed and permissions in one go.

    Only what is measured may differ. The reports show it, so they are written once more from the
    other run's tables of it, and then are the same to the bit.
    """
    project = Project.make(tmp_path / "some where ä" / "else" / "copy", CONFIGURATION)
    shuffled = sorted(finished.path("wavs").rglob("*.wav"))
    random.Random(1).shuffle(shuffled)
    for source in shuffled:
        copied = project.folder / source.relative_to(finished.folder)
        copied.parent.mkdir(parents=True, exist_ok=True)
        # With the time of its change, which the table of clips tells.
        shutil.copy2(source, copied)
    site = tmp_path / "site"
    site.mkdir()
    site.joinpath("sitecustomize.py").write_text(TURNED, encoding="utf-8")
    variables = {
        "PYTHONPATH": str(site),
        "LC_ALL": "C",
        "LANG": "de_DE.UTF-8",
        "LANGUAGE": "de",
        "TZ": "Asia/Kathmandu",
        "PYTHONHASHSEED": "12345",
        "OMP_NUM_THREADS": "2",
        "HOME": str(tmp_path),
    }
    cores = int(os.environ.get("SERFLOW_CORES", "1"))
    with umask(0o077):
        run = project.snakemake(*TARGETS, cores=cores, variables=variables)
        assert run.code == 0, run.output
        for path in project.results.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert different(finished.results, project.results) == []
        expected = {name: (finished.results / name).read_bytes() for name in REPORTS}
        assert reports_of(project, finished.results, variables) == expected


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
