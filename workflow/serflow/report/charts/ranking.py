"""The chart of all models by a score."""

from __future__ import annotations

from serflow.evaluation.baseline_names import CHANCE
from serflow.figures.colours import MUTED
from serflow.report.charts.parts import TOLD, Spec, colours, facts, models_axis, score, whole
from serflow.report.material import Material

STEP = 26
"""Height of a model's row in pixels."""
WIDE = 330
"""From so many pixels on, rows have room for the interval in numbers on their right."""


def ranking_chart(material: Material) -> Spec:
    """Return all models by a score, with intervals where the score has them."""
    rows = [*material.ranked, *material.baselines.values()]
    names = [row["model"] for row in rows]
    value = score("value")
    order = {"field": "value", "op": "max", "order": "descending"}
    place = {"y": {**models_axis(names), "sort": order}}
    interval = {"x": score("low"), "x2": {"field": "high"}, "color": colours(material)}
    for axis in (interval["x"], value):
        axis["scale"]["range"] = [0, {"expr": f"width - (width > {WIDE} ? 138 : 44)"}]
    guess = {"filter": f"datum.model === '{CHANCE}'"}
    return whole(
        "ranking",
        [facts(material, row) for row in rows],
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
                    "color": colours(material),
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
