"""Section on the random-split premium, where models were trained under random folds as well."""

from __future__ import annotations

from serflow import numbers
from serflow.evaluation.baseline_names import NAMES
from serflow.report import text
from serflow.report.blocks import Block, Cell, figures, paragraph, section, table
from serflow.report.cells import named, written
from serflow.report.material import Material, Row, Rows


def sections(material: Material) -> list[Block]:
    """Return the section, or nothing where no model was trained under random folds."""
    found = material.tables.get("random_premium", ())
    guessed = [row for row in found if row["model"] in NAMES]
    rows = sorted(
        (row for row in found if row not in guessed),
        key=lambda row: (-numbers.value(row["difference"]), row["model"]),
    )
    if not rows:
        return []
    told = ", ".join(
        f"{row['model']} {numbers.score(row['uar'])} and {numbers.score(row['uar_random'])}"
        for row in rows
    )
    return [
        section(
            "random-premium",
            "What a random split would have claimed",
            [
                paragraph(seen(rows)),
                paragraph(
                    "All other scores of this report are of voices that a model has never heard. "
                    "Here the same models, with the same settings and seeds, were trained once "
                    f"more with the clips dealt to {text.counted(int(rows[0]['folds']), 'fold')} "
                    "label by label, whoever speaks, so that test voices were heard in training. "
                    "These trainings take part in no ranking, comparison or conclusion."
                ),
                _table(material, rows, guessed),
                *figures(
                    [
                        (
                            "random_premium",
                            "UAR on voices never heard (filled) and under random folds (open); "
                            "the dashed line is a guess.",
                            f"UAR on voices never heard and under random folds: {told}.",
                        )
                    ],
                    material.figures,
                ),
            ],
        )
    ]


def seen(rows: Rows) -> str:
    """Return in one sentence by how much the random folds flatter."""
    if len(rows) == 1:
        [row] = rows
        limits = numbers.interval(row["low"], row["high"], signed=True)
        change = numbers.difference(row["difference"])
        return (
            f"Under random folds {row['model']} would have claimed a UAR of "
            f"{numbers.score(row['uar_random'])}; on voices that it has never heard it reaches "
            f"{numbers.score(row['uar'])} (difference {change} {limits}{_doubt(row)})."
        )
    flattered = [row for row in rows if numbers.value(row["low"]) > 0]
    others = [row["model"] for row in rows if row not in flattered]
    if not flattered:
        return (
            "Random folds are not seen to flatter here: for no model does the interval of the "
            "difference lie above zero."
        )
    most, least = flattered[0], flattered[-1]
    span = numbers.difference(most["difference"])
    if len(flattered) > 1:
        span = f"{numbers.difference(least['difference'])} to {span}"
    whom = f"{len(flattered)} of {len(rows)}" if others else f"all {len(rows)}"
    rest = f"; for {text.joined(others)} the interval does not lie above zero" if others else ""
    return (
        f"Random folds flatter {whom} models, by {span} in UAR (most: "
        f"{most['model']}, which would have claimed {numbers.score(most['uar_random'])} and "
        f"reaches {numbers.score(most['uar'])} on voices that it has never heard){rest}."
    )


def _doubt(row: Row) -> str:
    low, high = numbers.value(row["low"]), numbers.value(row["high"])
    return "; the interval does not leave zero out" if low <= 0 <= high else ""


def _table(material: Material, rows: Rows, guessed: Rows) -> Block:
    def line(row: Row) -> list[str | Cell]:
        model = row["model"]
        told = [
            numbers.score(row["uar"]),
            numbers.score(row["uar_random"]),
            numbers.difference(row["difference"]),
            numbers.interval(row["low"], row["high"], signed=True) if model not in NAMES else "",
            numbers.count(row["seeds"]),
        ]
        return [named(material, model), *(written(material, model, cell) for cell in told)]

    first = rows[0]
    caption = (
        "UAR on voices never heard and under random folds; the interval resamples speakers, and is "
        f"not corrected for the number of models. {text.counted(int(first['clips']), 'test clip')} "
        f"of {text.counted(int(first['speakers']), 'speaker')}; in grey what knows nothing of the "
        "sound, the majority being that of the training of the same folds."
    )
    columns = [
        "Model",
        "UAR, new voices",
        "UAR, random folds",
        "Difference",
        f"{material.level} interval",
        "Seeds",
    ]
    return table(
        caption, columns, map(line, [*rows, *guessed]), source="evaluation/random_premium.tsv"
    )
