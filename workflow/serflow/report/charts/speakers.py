"""The chart of every speaker's score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from serflow.report.blocks import Block, chart
from serflow.report.charts.parts import colours, models_axis, number, score, whole
from serflow.report.material import Material

SPREAD = 42
"""Height of a model's row of many marks, in pixels."""


def speakers_chart(material: Material, models: Iterable[str]) -> list[Block]:
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
    place = {"x": score("uar", "UAR of one speaker"), "y": models_axis(shown)}
    pointed = {"param": "pointed", "empty": False}
    spec = whole(
        "speakers",
        values,
        [
            {
                "mark": {"type": "tick", "thickness": 3, "size": SPREAD - 6, "opacity": 0.5},
                "encoding": {
                    "x": {**place["x"], "aggregate": "median"},
                    "y": place["y"],
                    "color": colours(material),
                    "tooltip": [
                        {"field": "model", "title": "Model"},
                        number("uar", "Median", aggregate="median"),
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
                    "color": colours(material),
                    "size": {"condition": {**pointed, "value": 150}, "value": 36},
                    "opacity": {"condition": {**pointed, "value": 1}, "value": 0.6},
                    "tooltip": [
                        {"field": "speaker", "title": "Speaker"},
                        {"field": "model", "title": "Model"},
                        number("uar", "UAR"),
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
