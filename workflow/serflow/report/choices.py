"""What the SVMs with a list of settings chose, and how the alternatives compared."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from serflow import numbers
from serflow.report import text
from serflow.report.blocks import Block, Line, cell, paragraph, table
from serflow.report.material import Material, Row


def chosen(material: Material) -> list[Block]:
    """Return for every SVM that had alternatives how they scored and which were taken."""
    rows = material.tables["alternatives"]
    if not rows:
        return []
    of = [(model, list(own)) for model, own in groupby(rows, key=lambda row: row["model"])]
    return [
        paragraph(
            "Where the configuration lists several feature types, kernels or penalties C for one "
            "SVM, it chooses by itself, anew in each fold: the alternative with the highest UAR "
            "in a cross-validation inside the training side, over speakers (over clips where they "
            "are not known). Test clips have no say in it. The scores below are of that inner "
            "cross-validation and are not to be compared with the test scores."
        ),
        *(_sweep(material, model, own) for model, own in of),
    ]


def _sweep(material: Material, model: str, rows: list[Row]) -> Block:
    """Return the mean inner UAR of each alternative, a row a feature type and kernel."""
    penalties = sorted({row["C"] for row in rows}, key=float)
    best = max(numbers.value(row["inner_uar"] or "-1") for row in rows)
    found = {(row["features"], row["kernel"], row["C"]): row for row in rows}
    lines: list[Line] = []
    for features, kernel in dict.fromkeys((row["features"], row["kernel"]) for row in rows):
        line = [cell(features), cell(kernel)]
        for penalty in penalties:
            row = found[features, kernel, penalty]
            uar = numbers.value(row["inner_uar"])
            times = f" ({row['chosen']}\u00d7)" if row["chosen"] != "0" else ""
            line.append(
                cell(
                    f"{numbers.score(uar)}{times}",
                    strong=uar == best,
                    tone=f"{uar:.2f}" if uar == uar else "",
                )
            )
        lines.append(line)
    return table(
        f"{model}: mean UAR of each alternative in the inner cross-validation, the highest in "
        f"bold; in brackets in how many of {text.counted(int(rows[0]['runs']), 'fold')} it was "
        f"chosen. {_told(material, model)}",
        ["Features", "Kernel", *(f"C = {penalty}" for penalty in penalties)],
        lines,
        words=2,
        source="evaluation/alternatives.tsv",
        dense=len(penalties) > 6,
    )


def _told(material: Material, model: str) -> str:
    counts = Counter(row["chosen"] for row in material.of("choices", model))
    listed = (f"{name} ({count}\u00d7)" for name, count in counts.most_common())
    return f"Chosen: {'; '.join(listed)}."
