"""What the charts have in common: their data, axes, colours and frame."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from serflow import numbers
from serflow.figures.colours import MUTED
from serflow.report import text
from serflow.report.material import Material, Row

Spec = dict[str, Any]

MEASURES = {"uar": "UAR", "accuracy": "Accuracy", "macro_f1": "Macro-F1"}


def facts(material: Material, row: Row) -> dict[str, Any]:
    """Return what the charts know of a model; a number that is not known is null."""
    low, high = numbers.value(row["uar_low"]), numbers.value(row["uar_high"])
    measured = {key: _known(numbers.value(row[key])) for key in MEASURES}
    # The same score whoever is drawn has no interval worth showing.
    limits = {"low": low, "high": high} if high > low else {"low": None, "high": None}
    return {
        "model": row["model"],
        "family": text.family(row["family"]),
        **measured,
        **limits,
        "interval": numbers.interval(low, high) if high > low else numbers.UNKNOWN,
        "seconds": _known(numbers.value(row["train_seconds"])),
        "trained": f"{numbers.plain(row['train_seconds'])} s",
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def number(field: str, title: str, **more: str) -> Spec:
    """Return a score as it is told where a reader points."""
    return {"field": field, "type": "quantitative", "format": ".3f", "title": title, **more}


TOLD: list[Spec] = [
    {"field": "model", "title": "Model"},
    {"field": "family", "title": "Family"},
    *(number(key, title) for key, title in MEASURES.items()),
    {"field": "interval", "title": "Interval of the UAR"},
]
"""What is told of a model where a reader points at it."""


def score(field: str, title: str = "") -> Spec:
    """Return an axis of scores; its title is the chosen measure's where none is given."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 12},
        "axis": {"title": title or None, "tickCount": 6, "format": ".2~f"},
    }


def models_axis(names: Iterable[str]) -> Spec:
    """Return an axis with a row a model, in the order of `names`."""
    return {
        "field": "model",
        "type": "nominal",
        # Those that are hidden take no room; the others keep their order.
        "sort": list(names),
        "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 170},
    }


def colours(material: Material) -> Spec:
    """Return each model's own colour, the same as in every table and figure."""
    every = {**material.colours, **dict.fromkeys(material.baselines, MUTED)}
    return {
        "field": "model",
        "scale": {"domain": list(every), "range": list(every.values())},
        "legend": None,
    }


def whole(
    name: str,
    values: list[dict[str, Any]],
    layers: list[Spec],
    *,
    height: int = 0,
    step: int = 0,
    measures: bool = False,
) -> Spec:
    """Return a whole chart, as wide as its place on the page.

    It is `height` pixels high, or `step` for every model that is shown, which the page sees to.
    """
    every = list(dict.fromkeys(value["model"] for value in values))
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": height or step * len(every),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "usermeta": {"step": step},
        "data": {"name": name, "values": values},
        "params": [{"name": "shown", "value": every}],
        "transform": [{"filter": "indexof(shown, datum.model) >= 0"}],
        "layer": layers,
    }
    if measures:
        choice = {
            "input": "select",
            "options": list(MEASURES),
            "labels": list(MEASURES.values()),
            "name": "Score ",
        }
        spec["params"].append({"name": "measure", "value": "uar", "bind": choice})
        spec["transform"].append({"calculate": "datum[measure]", "as": "value"})
    return spec
