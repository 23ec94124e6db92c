"""Charts in Vega-Lite, for pages: a reader points at a mark, chooses a score and hides models.

Each takes its data from the run's tables, and each says in words what a table beside it says in
numbers. A chart listens to two signals of its page: `shown`, the models that are not hidden, and,
where it has one, `measure`, the score that the reader chose.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from serflow import numbers
from serflow.evaluation.baseline_names import CHANCE
from serflow.figures.colours import MUTED
from serflow.report import text
from serflow.report.blocks import Block, chart
from serflow.report.material import Material, Row

Spec = dict[str, Any]

MEASURES = {"uar": "UAR", "accuracy": "Accuracy", "macro_f1": "Macro-F1"}
STEP = 26
SPREAD = 42
"""Height of a model's row in pixels, of one mark and of many."""
WIDE = 330
"""From so many pixels on, rows have room for the interval in numbers on their right."""


def ranking(material: Material) -> Spec:
    """Return all models by a score, with intervals where the score has them."""
    rows = [*material.ranked, *material.baselines.values()]
    names = [row["model"] for row in rows]
    value = _score("value")
    order = {"field": "value", "op": "max", "order": "descending"}
    place = {"y": {**_models_axis(names), "sort": order}}
    interval = {"x": _score("low"), "x2": {"field": "high"}, "color": _colours(material)}
    for axis in (interval["x"], value):
        axis["scale"]["range"] = [0, {"expr": f"width - (width > {WIDE} ? 138 : 44)"}]
    guess = {"filter": f"datum.model === '{CHANCE}'"}
    return _spec(
        "ranking",
        [_told(material, row) for row in rows],
        [
            {
                "transform": [guess],
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": MUTED},
                "encoding": {"x": value},
            },
            {
                "transform": [{"filter": "measure === 'uar' && isValid(datum.low)"}],
                "mark": {"type": "rule", "strokeWidth": 3, "strokeCap": "round"},
                "encoding": {**place, **interval, "tooltip": TOLD},
            },
            {
                "mark": {"type": "point", "size": 110, "filled": True, "opacity": 1},
                "encoding": {
                    **place,
                    "x": value,
                    "color": _colours(material),
                    "tooltip": TOLD,
                },
            },
            {
                "transform": [
                    {
                        "calculate": "format(datum.value, '.3f') + (measure === 'uar' && "
                        f"isValid(datum.low) && width > {WIDE} ? '  ' + datum.interval : '')",
                        "as": "told",
                    }
                ],
                "mark": {"type": "text", "align": "right", "x": {"expr": "width"}},
                "encoding": {**place, "text": {"field": "told"}},
            },
        ],
        measures=True,
        step=STEP,
    )


def cost(material: Material) -> list[Block]:
    """Return the chart of score against the time to train, or nothing where no time is known."""
    rows = [row for row in material.ranked if numbers.value(row["train_seconds"]) > 0]
    if not rows:
        return []
    seconds = {
        "field": "seconds",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False, "padding": 24},
        "title": "time to train one fold and seed (s)",
        "axis": {"tickCount": 6, "format": "~g", "labelOverlap": True, "grid": False},
    }
    place = {"x": seconds, "color": _colours(material)}
    layers: list[Spec] = [
        {
            "transform": [{"filter": "measure === 'uar' && isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
            "encoding": {**place, "y": _score("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "size": 130, "filled": True, "opacity": 1},
            "encoding": {
                **place,
                "y": _score("value"),
                "shape": {
                    "field": "family",
                    "scale": {"domain": [group["family"] for group in material.groups]},
                    "legend": {"title": "", "orient": "top", "columns": 4},
                },
                "tooltip": [*TOLD, {"field": "trained", "title": "Time to train"}],
            },
        },
    ]
    best = list({row["family"]: row["model"] for row in reversed(rows)}.values())
    # Names stand to the side on which there is room for them.
    times = [numbers.value(row["train_seconds"]) for row in rows]
    middle = math.sqrt(min(times) * max(times))
    for align, side in (("left", "<="), ("right", ">")):
        away = 10 if align == "left" else -10
        layers.append(
            {
                "transform": [
                    {"filter": {"field": "model", "oneOf": best}},
                    {"filter": f"datum.seconds {side} {middle!r}"},
                ],
                "mark": {"type": "text", "align": align, "dx": away, "dy": -8, "limit": 150},
                "encoding": {"x": seconds, "y": _score("value"), "text": {"field": "model"}},
            }
        )
    spec = _spec("cost", [_told(material, row) for row in rows], layers, measures=True, height=340)
    told = "; ".join(
        f"{row['model']} UAR {numbers.score(row['uar'])}, {numbers.plain(row['train_seconds'])} s"
        for row in rows
    )
    return [
        chart(
            "What a score costs: the higher the better, the further to the left the cheaper. The "
            "best of each family is named; pointing at a mark names it and tells its numbers. Mean "
            "time for one fold and seed on a logarithmic axis"
            + (", both trainings together with refit" if _refitted(material, rows) else "")
            + f"; bars are {material.level} intervals of the UAR.",
            f"Scores against the time to train: {told}.",
            spec,
        )
    ]


def speakers(material: Material, models: Iterable[str]) -> list[Block]:
    """Return the chart of every speaker's UAR, one row per model."""
    shown = [model for model in models if model in material.row]
    known = set(shown)
    rows = [
        row for row in material.tables["per_speaker"] if row["model"] in known and row["uar"] != ""
    ]
    # Speakers with the same score are spread over the row's height, not drawn on one spot.
    alike = Counter((row["model"], row["uar"]) for row in rows)
    drawn: Counter[tuple[str, str]] = Counter()
    values: list[dict[str, Any]] = []
    for row in rows:
        spot = row["model"], row["uar"]
        lift = drawn[spot] - (alike[spot] - 1) / 2
        drawn[spot] += 1
        one = {"model": row["model"], "speaker": row["speaker"], "uar": float(row["uar"])}
        values.append({**one, "lift": lift})
    reach = max((abs(one["lift"]) for one in values), default=0) or 1
    if not values:
        return []
    place = {"x": _score("uar", "UAR of one speaker"), "y": _models_axis(shown)}
    pointed = {"param": "pointed", "empty": False}
    spec = _spec(
        "speakers",
        values,
        [
            {
                "mark": {"type": "tick", "thickness": 3, "size": SPREAD - 6, "opacity": 0.5},
                "encoding": {
                    "x": {**place["x"], "aggregate": "median"},
                    "y": place["y"],
                    "color": _colours(material),
                    "tooltip": [
                        {"field": "model", "title": "Model"},
                        _number("uar", "Median", aggregate="median"),
                    ],
                },
            },
            {
                "params": [
                    {
                        "name": "pointed",
                        "select": {"type": "point", "on": "pointerover", "fields": ["speaker"]},
                    }
                ],
                "mark": {"type": "point", "filled": True},
                "encoding": {
                    **place,
                    "yOffset": {
                        "field": "lift",
                        "type": "quantitative",
                        "scale": {"domain": [-reach - 1, reach + 1]},
                    },
                    "color": _colours(material),
                    "size": {"condition": {**pointed, "value": 150}, "value": 36},
                    "opacity": {"condition": {**pointed, "value": 1}, "value": 0.6},
                    "tooltip": [
                        {"field": "speaker", "title": "Speaker"},
                        {"field": "model", "title": "Model"},
                        _number("uar", "UAR"),
                    ],
                },
            },
        ],
        step=SPREAD,
    )
    return [
        chart(
            "Every speaker is a dot, the stroke is their median. Pointing at a dot shows the same "
            "speaker in every row.",
            "UAR of every speaker by model; the numbers stand in the tables below.",
            spec,
        )
    ]


def _refitted(material: Material, rows: Iterable[Row]) -> bool:
    return any(material.refitted(row["model"]) for row in rows)


def _told(material: Material, row: Row) -> dict[str, Any]:
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


def _number(field: str, title: str, **more: str) -> Spec:
    return {"field": field, "type": "quantitative", "format": ".3f", "title": title, **more}


TOLD: list[Spec] = [
    {"field": "model", "title": "Model"},
    {"field": "family", "title": "Family"},
    *(_number(key, title) for key, title in MEASURES.items()),
    {"field": "interval", "title": "Interval of the UAR"},
]
"""What is told of a model where a reader points at it."""


def _score(field: str, title: str = "") -> Spec:
    """Return an axis of scores; its title is the chosen measure's where none is given."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 12},
        "axis": {"title": title or None, "tickCount": 6, "format": ".2~f"},
    }


def _models_axis(names: Iterable[str]) -> Spec:
    return {
        "field": "model",
        "type": "nominal",
        # Those that are hidden take no room; the others keep their order.
        "sort": list(names),
        "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 170},
    }


def _colours(material: Material) -> Spec:
    """Return each model's own colour, the same as in every table and figure."""
    colours = {**material.colours, **dict.fromkeys(material.baselines, MUTED)}
    return {
        "field": "model",
        "scale": {"domain": list(colours), "range": list(colours.values())},
        "legend": None,
    }


def _spec(
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
