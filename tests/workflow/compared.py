"""Results of two runs beside each other, to the bit, without what is measured anew in each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from project import Project, rows

MEASURED = ("train_seconds", "predict_ms_per_clip")
COSTS = "evaluation/costs.tsv"
MODELS = "evaluation/models.tsv"
TIMED = (MODELS, "evaluation/regression.tsv")
REPORTS = ("report/report.html", "report/report.pdf")


def different(one: Path, other: Path) -> list[str]:
    """Return what is in one of two folders of results only, or is not the same in both.

    Left out are the seconds of trainings and predictions (in the tables of models and in the record
    of each training), the costs, and the reports, which tell both: see `reports_of`.
    """
    first, second = contents(one), contents(other)
    return sorted(name for name in {*first, *second} if first.get(name, "") != second.get(name, ""))


def contents(folder: Path) -> dict[str, Any]:
    """Return what each file of a folder of results holds, and None for each folder."""
    found: dict[str, Any] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            found[name] = None
        elif name.startswith("benchmarks/") or name in (COSTS, *REPORTS):
            found[name] = "there"
        elif name in TIMED:
            found[name] = [unmeasured(row) for row in rows(path)]
        elif name.startswith("models/") and path.suffix == ".json":
            found[name] = unmeasured(json.loads(path.read_text(encoding="utf-8")))
        else:
            found[name] = path.read_bytes()
    return found


def unmeasured(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in MEASURED}


def reports_of(
    project: Project, measured: Path, variables: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """Return the reports that a run writes if it has taken the times of another one.

    Parameters
    ----------
    project
        A finished run, whose tables are changed.
    measured
        Results of the other run.
    variables
        Set for Snakemake.
    """
    for name in (MODELS, COSTS):
        shutil.copyfile(measured / name, project.results / name)
    run = project.snakemake(
        *(f"{project.results.relative_to(project.folder)}/{name}" for name in REPORTS),
        *("--allowed-rules", "report_html", "report_pdf"),
        *("--forcerun", "report_html", "report_pdf"),
        cores=2,
        variables=variables,
    )
    assert run.code == 0, run.output
    return {name: (project.results / name).read_bytes() for name in REPORTS}
