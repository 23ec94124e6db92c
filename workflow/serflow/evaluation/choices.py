"""What the support vector machines chose on their training side, from their training records."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from serflow.model_list import feature_alternatives

Run = tuple[str, int, int, Mapping[str, Any]]
"""Model, fold, seed and training record."""
Table = list[dict[str, Any]]

COLUMNS: dict[str, tuple[str, ...]] = {
    "choices": ("model", "fold", "seed", "chosen", "inner_uar"),
    "alternatives": ("model", "features", "kernel", "C", "inner_uar", "chosen", "runs"),
}
"""Columns of each table, in the order in which they are written."""


def collect(runs: Iterable[Run], slices: Mapping[str, Mapping[str, Any]]) -> dict[str, Table]:
    """Return both tables, see `COLUMNS`; models of other families are left out.

    Parameters
    ----------
    runs
        All training runs; `chosen` and `inner_uar` of the records are read.
    slices
        Each model's slice of the configuration: `family`, `features`, `kernel`, `C`.

    Returns
    -------
    dict
        `choices`: one row a run, with the mean UAR of the chosen alternative over the inner folds,
        None where there was nothing to choose from or no inner fold. `alternatives`: one row for
        each alternative of a machine that had several, in the order of the configuration:
        `inner_uar` is the mean over runs, `chosen` counts the runs that chose it.
    """
    records: dict[str, list[tuple[int, int, Mapping[str, Any]]]] = {}
    for model, fold, seed, record in runs:
        if slices[model]["family"] == "svm":
            records.setdefault(model, []).append((fold, seed, record))
    tables: dict[str, Table] = {name: [] for name in COLUMNS}
    for model, of_model in records.items():
        for fold, seed, record in of_model:
            chosen = words(record["chosen"])
            uar = record["inner_uar"].get(chosen)
            tables["choices"].append(
                {"model": model, "fold": fold, "seed": seed, "chosen": chosen, "inner_uar": uar}
            )
        tables["alternatives"] += _alternatives(
            model, slices[model], [record for _, _, record in of_model]
        )
    return tables


def words(point: Mapping[str, Any]) -> str:
    """Return a point of the grid as the training records name it: ``mfcc14, rbf, C=10``."""
    return f"{point['features']}, {point['kernel']}, C={point['C']:g}"


def _alternatives(model: str, own: Mapping[str, Any], records: list[Mapping[str, Any]]) -> Table:
    points = [
        {"features": features, "kernel": kernel, "C": float(C)}
        for features, kernel, C in itertools.product(
            feature_alternatives(own), _listed(own["kernel"]), sorted(_listed(own["C"]))
        )
    ]
    if len(points) < 2:
        return []
    chosen = Counter(words(record["chosen"]) for record in records)
    rows = []
    for point in points:
        name = words(point)
        scores = [record["inner_uar"][name] for record in records if name in record["inner_uar"]]
        rows.append(
            {
                "model": model,
                **point,
                "inner_uar": sum(scores) / len(scores) if scores else None,
                "chosen": chosen[name],
                "runs": len(records),
            }
        )
    return rows


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
