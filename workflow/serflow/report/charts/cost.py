"""The chart of what a score costs."""

from __future__ import annotations

import math

from serflow import numbers
from serflow.report.blocks import Block, chart
from serflow.report.charts.parts import TOLD, Spec, colours, facts, score, whole
from serflow.report.material import Material


def cost_chart(material: Material) -> list[Block]:
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
    place = {"x": seconds, "color": colours(material)}
    layers: list[Spec] = [
        {
            "transform": [{"filter": "measure === 'uar' && isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
            "encoding": {**place, "y": score("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "size": 130, "filled": True, "opacity": 1},
            "encoding": {
                **place,
                "y": score("value"),
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
                "encoding": {"x": seconds, "y": score("value"), "text": {"field": "model"}},
            }
        )
    refitted = any(material.refitted(row["model"]) for row in rows)
    spec = whole("cost", [facts(material, row) for row in rows], layers, measures=True, height=340)
    told = "; ".join(
        f"{row['model']} UAR {numbers.score(row['uar'])}, {numbers.plain(row['train_seconds'])} s"
        for row in rows
    )
    return [
        chart(
            "What a score costs: the higher the better, the further to the left the cheaper. The "
            "best of each family is named; pointing at a mark names it and tells its numbers. Mean "
            "time for one fold and seed on a logarithmic axis"
            + (", both trainings together with refit" if refitted else "")
            + f"; bars are {material.level} intervals of the UAR.",
            f"Scores against the time to train: {told}.",
            spec,
        )
    ]
