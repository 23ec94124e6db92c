"""Section on the models that estimate a number, where there are any."""

from __future__ import annotations

from collections.abc import Callable

from serflow import numbers
from serflow.evaluation.baseline_names import FAMILY
from serflow.report import text
from serflow.report.blocks import Block, cell, definitions, figures, paragraph, section, table
from serflow.report.blocks import sentences as listed
from serflow.report.material import Material, Row
from serflow.report.pictures import kept_told
from serflow.report.training import refit_told

CORRELATION = {"pearson": "Pearson's correlation", "ccc": "CCC"}


def sections(material: Material) -> list[Block]:
    """Return the section, or nothing where no model estimates a number."""
    rows = _models(material)
    if not rows:
        return []
    told = "These models estimate a number that stands in a column of the corpus' sheet."
    if material.row:
        told += (
            " They are trained and tested on the same folds as the models that recognise labels, "
            "and take part in none of their tables, comparisons and conclusions."
        )
    shown = [
        paragraph(told),
        said(material),
        _table(material),
        *refit_told(material, [row["model"] for row in rows]),
        *_scatter(material),
        *_curves(material),
        _reading(material),
    ]
    return [section("regression", "Estimated numbers", shown)]


def said(material: Material) -> Block:
    """Return a sentence for each model."""
    mean = {row["target"]: row for row in _rows(material) if row["family"] == FAMILY}
    return listed(sentence(row, mean[row["target"]]) for row in _models(material))


def sentence(row: Row, mean: Row) -> str:
    """Return what one model reaches, beside what the mean of the training clips does.

    Parameters
    ----------
    row, mean
        The rows of the model and of its target's baseline in ``regression.tsv``.
    """
    doubt = ""
    if numbers.value(row["ccc_low"]) <= 0:
        doubt = " The interval of the CCC does not lie above zero."
    return (
        f"{row['model']} estimates {row['target']} of the test clips with a CCC of "
        f"{_with_limits(row, 'ccc', numbers.correlation)}, a Pearson correlation of "
        f"{_with_limits(row, 'pearson', numbers.correlation)} and a root mean square error of "
        f"{_with_limits(row, 'rmse', numbers.plain)}; the mean of the training clips errs by "
        f"{numbers.plain(mean['rmse'])}.{doubt}"
    )


def _rows(material: Material) -> list[Row]:
    return list(material.tables.get("regression", ()))


def _models(material: Material) -> list[Row]:
    return [row for row in _rows(material) if row["family"] != FAMILY]


def _limits(row: Row, metric: str, write: Callable[[str], str]) -> str:
    """Write a metric's interval; nothing where it has none."""
    low, high = row[f"{metric}_low"], row[f"{metric}_high"]
    return f"[{write(low)}, {write(high)}]" if low and high else ""


def _with_limits(row: Row, metric: str, write: Callable[[str], str]) -> str:
    return f"{write(row[metric])} {_limits(row, metric, write)}".rstrip()


def _table(material: Material) -> Block:
    lines = []
    for row in _rows(material):
        muted = row["family"] == FAMILY
        told = [
            row["target"],
            "" if muted else text.family(row["family"]),
            "" if muted else row["features"],
            numbers.correlation(row["ccc"]),
            _limits(row, "ccc", numbers.correlation),
            numbers.correlation(row["pearson"]),
            _limits(row, "pearson", numbers.correlation),
            numbers.plain(row["rmse"]),
            _limits(row, "rmse", numbers.plain),
        ]
        colour = "" if muted else material.colours.get(row["model"], "")
        name = cell(row["model"], colour=colour, muted=muted, model="" if muted else row["model"])
        lines.append([name, *(cell(one, muted=muted) for one in told)])
    first = _models(material)[0]
    counts = [
        text.counted(int(first[f"{key}s"]), noun)
        for key, noun in (("clip", "test clip"), ("speaker", "speaker"), ("fold", "fold"))
        if int(first[f"{key}s"])
    ]
    seeds = text.counted(int(first["seeds"]), "seed")
    interval = f"{material.level} interval"
    return table(
        f"Models that estimate a number, mean over seeds. Over {', '.join(counts)} and {seeds}; "
        f"intervals resample {material.unit}.",
        [
            *("Model", "Target", "Family", "Input"),
            *("CCC", interval, "Pearson", interval, "RMSE", interval),
        ],
        lines,
        words=4,
        source="evaluation/regression.tsv",
        dense=True,
    )


def _scatter(material: Material) -> list[Block]:
    items = [
        (
            f"regression/{row['model']}",
            f"Estimates of {row['model']} against the true {row['target']}: a dot is a test clip"
            + (", its estimate the mean over seeds" if int(row["seeds"]) > 1 else "")
            + "; on the dashed line both are equal.",
            f"Estimates and truth of {row['model']}; CCC {numbers.correlation(row['ccc'])}.",
        )
        for row in _models(material)
    ]
    return figures(items, material.figures, across=2)


def _curves(material: Material) -> list[Block]:
    items = []
    for row in _models(material):
        model = row["model"]
        measure = CORRELATION[material.settings[model]["loss"]]
        runs = text.counted(int(row["folds"]) * int(row["seeds"]), "run")
        caption = (
            f"Learning curves of {model}: thin lines are single folds and seeds ({runs}), thick "
            f"lines their mean.{kept_told(material, model)}"
        )
        items.append((f"curves/{model}", caption, f"Loss and {measure} of {model} by epoch."))
    return figures(items, material.figures)


def _reading(material: Material) -> Block:
    return definitions(
        [
            (
                "CCC",
                "Concordance correlation coefficient (Lin 1989): Pearson's correlation, less what "
                "a wrong mean or spread of the estimates costs. 1 where every estimate is right, "
                "0 where estimates say nothing.",
            ),
            (
                "Pearson",
                "Whether estimate and truth rise together, on whatever scale: 1 on a rising line, "
                "0 for none.",
            ),
            ("RMSE", "Root mean square error, in the unit of the column."),
            (
                "training mean",
                "Gives every clip the mean of its fold's training clips, so its correlations are "
                "0: what an estimate has to do better than.",
            ),
        ]
    )
