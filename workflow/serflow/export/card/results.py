"""The results on a model's card, with over how many clips they were taken and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator

from serflow import numbers
from serflow.evaluation.baseline_names import CHANCE, FAMILY, MAJORITY
from serflow.export.card import groups
from serflow.export.card.facts import REGRESSION, Facts
from serflow.export.card.markdown import escaped, table
from serflow.report import text
from serflow.report.material import Row

SCORES = {
    "uar": "UAR (unweighted average recall: the mean of the labels' recalls)",
    "accuracy": "Accuracy",
    "macro_f1": "Macro-F1",
    "roc_auc": "ROC-AUC (one label against the rest)",
    "ece": "ECE (expected calibration error; 0 is best)",
}
ESTIMATES = {
    "ccc": "CCC (concordance correlation)",
    "pearson": "Pearson's correlation",
    "rmse": "RMSE (in the unit of the column)",
}


def results(facts: Facts) -> list[str]:
    """Return the tables and what they say."""
    shown = [f"Over {facts.scope}; each clip is tested once a seed."]
    if facts.target is None:
        shown += [_scores(facts), _beside(facts), *groups.labels(facts)]
        shown += [*groups.speakers(facts), *groups.attributes(facts), *_trainings(facts)]
    else:
        shown += [_estimates(facts)]
    return [*shown, *_checked(facts)]


def first(facts: Facts) -> list[tuple[str, str]]:
    """Return the one result that is told at a glance."""
    row, level = facts.row, facts.material.level
    if facts.target is None:
        interval = numbers.interval(row["uar_low"], row["uar_high"])
        told = f"**{numbers.score(row['uar'])}**, {level} interval {interval} over "
        told += f"{facts.material.unit}; a guess reaches {numbers.score(1 / len(facts.labels))}"
        return [("UAR", told)]
    told = f"**{numbers.correlation(row['ccc'])}** {_limits(row, 'ccc')}".rstrip()
    return [("CCC", f"{told} ({level} interval); a constant estimate reaches 0")]


def for_header(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and value of each score for the header."""
    kinds = {"uar": "recall", "accuracy": "accuracy", "macro_f1": "f1"}
    names = {"uar": "UAR", "accuracy": "Accuracy", "macro_f1": "Macro-F1"}
    if facts.target is not None:
        kinds = {"ccc": "ccc", "pearson": "pearsonr", "rmse": "rmse"}
        names = {"ccc": "CCC", "pearson": "Pearson", "rmse": "RMSE"}
    for key, kind in kinds.items():
        # A constant estimate correlates with nothing.
        if facts.row[key]:
            yield kind, names[key], facts.row[key]


def _baseline(facts: Facts, name: str) -> Row:
    rows = facts.material.tables["models"]
    return next(row for row in rows if row["family"] == FAMILY and row["model"] == name)


def _scores(facts: Facts) -> str:
    row = facts.row
    guess, majority = _baseline(facts, CHANCE), _baseline(facts, MAJORITY)
    rows = [
        (
            name,
            f"**{numbers.score(row[key])}**" if key == "uar" else numbers.score(row[key]),
            numbers.interval(row["uar_low"], row["uar_high"]) if key == "uar" else "",
            numbers.score(guess[key]),
            numbers.score(majority[key]),
        )
        for key, name in SCORES.items()
    ]
    columns = ("Measure", "This model", f"{facts.material.level} interval", "Guess")
    return table((*columns, "Most frequent label"), rows)


def _beside(facts: Facts) -> str:
    """Say whether it is better than a guess, and where it stands among the run's models."""
    row, material = facts.row, facts.material
    chance = 1 / len(facts.labels)
    low, high = numbers.value(row["uar_low"]), numbers.value(row["uar_high"])
    if low > chance:
        told = "The interval lies above what a guess reaches."
    elif high < chance:
        told = "The interval lies below what a guess reaches: it is worse than guessing."
    else:
        told = (
            "The interval holds what a guess reaches, so this run does not show that the model "
            "recognises anything."
        )
    names = [one["model"] for one in material.ranked]
    if len(names) < 2:
        return told
    place = names.index(facts.model) + 1
    told += f" By UAR it is number {place} of {text.counted(len(names), 'model')} of its run."
    if place == 1:
        return told
    best = names[0]
    pair = next(
        one
        for one in material.tables["comparisons"]
        if {one["model_a"], one["model_b"]} == {best, facts.model}
    )
    told += (
        f" {escaped(best)} has the highest, {numbers.score(material.row[best]['uar'])}; paired over"
        f" {material.unit}, the two "
    )
    p_value = f"p = {numbers.p_value(pair['p_holm'])}".replace("= <", "<")
    differ = "differ" if material.sure(pair) else "are not told apart"
    return f"{told}{differ} ({p_value}, corrected by Holm's method)."


def _trainings(facts: Facts) -> list[str]:
    rows = facts.material.of("per_fold", facts.model)
    scores = [numbers.value(row["uar"]) for row in rows if row["uar"]]
    if len(scores) < 2:
        return []
    return [
        f"Each of the {len(scores)} on its own test clips alone: UAR from "
        f"{numbers.score(min(scores))} to {numbers.score(max(scores))}."
    ]


def _limits(row: Row, key: str) -> str:
    write = numbers.plain if key == "rmse" else numbers.correlation
    low, high = row[f"{key}_low"], row[f"{key}_high"]
    return f"[{write(low)}, {write(high)}]" if low and high else ""


def _estimates(facts: Facts) -> str:
    rows = facts.material.tables[REGRESSION]
    mean = next(
        row for row in rows if row["family"] == FAMILY and row["target"] == facts.row["target"]
    )
    lines = []
    for key, name in ESTIMATES.items():
        write = numbers.plain if key == "rmse" else numbers.correlation
        lines.append(
            (name, write(facts.row[key]), _limits(facts.row, key), write(mean[key] or None))
        )
    columns = ("Measure", "This model", f"{facts.material.level} interval")
    return table((*columns, "Mean of the training clips"), lines)


def _checked(facts: Facts) -> list[str]:
    if not facts.checks:
        return []
    clips = sum(int(row["clips"]) for row in facts.checks)
    most = max(numbers.value(row["difference"]) for row in facts.checks)
    stored = max(numbers.value(row["stored_difference"]) for row in facts.checks)
    what = "probabilities" if facts.target is None else "estimates"
    networks = text.counted(len(facts.checks), "ONNX file")
    told = (
        f"The {networks} were run by onnxruntime on {text.counted(clips, 'test clip')} of this "
        f"corpus: their {what} differ from torch's by at most {most:.1e}, and from those that the "
        f"scores above were taken of by at most {stored:.1e}"
    )
    if facts.target is None:
        alike = sum(int(row["alike"]) for row in facts.checks)
        told += f"; the most probable label is the same for {alike} of {clips}"
    return ["### ONNX against torch", f"{told} (check.tsv has each file's)."]
