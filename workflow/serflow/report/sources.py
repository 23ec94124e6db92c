"""Reading the files that a run left, and handing them to the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from serflow.files import read_json
from serflow.report.content import assemble
from serflow.tables import read_tsv

TABLES = (
    *("models", "per_class", "per_speaker", "per_attribute", "per_fold"),
    *("comparisons", "ranks", "choices", "alternatives"),
)
OPTIONAL = ("random_premium", "regression", "label_shares", "importance")
"""Tables that only some configurations make."""
GRAPH = "rulegraph"


def gather(settings: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report's content.

    Parameters
    ----------
    settings
        `config`, the completed configuration, `models`, every model's slice, and `figures`, the
        figures' names in the order of the files; `explained`, the networks of `explanations`.
    files
        Paths by name: `clips`, `recordings`, `splits`, `leakage`, `provenance`, `conclusions`,
        `costs`, `jobs`, `rulegraph`, the evaluation's tables, and `figures`, a list;
        `explanations`, a list; `shown` and `shown_files`, the list of single clips and the folder
        of their pictures and sounds, where they are wanted.
    """
    figures = dict(zip(settings["figures"], map(Path, files["figures"]), strict=True))
    return assemble(
        config=settings["config"],
        settings=settings["models"],
        clips=read_tsv(files["clips"]),
        recordings=read_tsv(files["recordings"]),
        splits=read_tsv(files["splits"]),
        leakage=read_tsv(files["leakage"]),
        # Where no model recognises labels, there is nothing to tell of any that does.
        tables={name: read_tsv(files[name]) if name in files else [] for name in TABLES}
        | {name: read_tsv(files[name]) for name in ("jobs", *OPTIONAL) if name in files},
        conclusions=read_json(files["conclusions"]) if "conclusions" in files else [],
        benchmarks=read_tsv(files["costs"]),
        provenance=read_json(files["provenance"]),
        shown=_shown(files),
        explanations={
            model: read_json(path)
            for model, path in zip(settings["explained"], files["explanations"], strict=True)
        },
        figures={**figures, GRAPH: Path(files[GRAPH])},
    )


def _shown(files: Mapping[str, Any]) -> dict[str, Any] | None:
    if "shown" not in files:
        return None
    return {**read_json(files["shown"]), "folder": files["shown_files"]}
