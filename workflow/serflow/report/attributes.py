"""Section on results by what the clip table tells of a clip, such as gender or intensity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from serflow import numbers
from serflow.report import text
from serflow.report.blocks import Block, Line, paragraph, sentences, table
from serflow.report.cells import named, parts, shaded, written
from serflow.report.material import Material, Row

ACROSS_VALUES = 8
FEW_VALUES = 2
"""Up to so many values there is room for their intervals."""


def attributes(material: Material) -> list[Block]:
    """Return a table for each attribute; nothing where the corpus tells nothing of its clips."""
    rows = material.tables["per_attribute"]
    if not rows:
        return []
    shown: list[Block] = [
        paragraph(
            "UAR over the clips with one value of an attribute alone. A gap between two values "
            "need not come from the attribute: other speakers, or other labels, may stand behind "
            "it. The gap is that from the lowest to the highest value."
        )
    ]
    said = material.said("attributes")
    shown += [sentences(said)] if said else []
    for attribute, own in groupby(rows, key=lambda row: row["attribute"]):
        shown += _tables(material, attribute, list(own))
    return shown


def _tables(material: Material, attribute: str, rows: Sequence[Row]) -> list[Block]:
    found = {(row["model"], row["value"]): row for row in rows}
    values = list(dict.fromkeys(row["value"] for row in rows))
    models = [model for model in material.lines if (model, values[0]) in found]
    pieces = parts(values, ACROSS_VALUES)
    shown = []
    for place, part in enumerate(pieces, 1):
        of = f" (part {place} of {len(pieces)})" if len(pieces) > 1 else ""
        sizes = "; ".join(_size(found[models[0], value]) for value in part)
        intervals = len(values) <= FEW_VALUES
        lines: list[Line] = []
        for model in models:
            line = [named(material, model)]
            for value in part:
                row = found[model, value]
                line.append(shaded(material, model, row["uar"]))
                if intervals:
                    told = numbers.interval(row["uar_low"], row["uar_high"])
                    line.append(written(material, model, told if model in material.row else ""))
            line.append(written(material, model, _gap([found[model, value] for value in values])))
            lines.append(line)
        columns = ["Model"]
        for value in part:
            columns += [value, f"{material.level} interval"] if intervals else [value]
        shown.append(
            table(
                f"UAR by {attribute}{of}, mean over seeds. {sizes}.",
                [*columns, "Gap"],
                lines,
                source="evaluation/per_attribute.tsv",
                dense=len(columns) > ACROSS_VALUES,
            )
        )
    return shown


def _size(row: Row) -> str:
    speakers = int(row["speakers"])
    heard = f", {text.counted(speakers, 'speaker')}" if speakers else ""
    labels = text.counted(int(row["labels"]), "label")
    return f"{row['value']}: {text.counted(int(row['clips']), 'clip')}{heard}, {labels}"


def _gap(rows: Sequence[Row]) -> str:
    scores = [numbers.value(row["uar"]) for row in rows if row["uar"] != ""]
    return numbers.score(max(scores) - min(scores)) if scores else numbers.UNKNOWN
