"""What a run says at its end: the three numbers that a reader of the report looks for first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from serflow.characters import cleaned
from serflow.evaluation.baseline_names import CHANCE, FAMILY
from serflow.evaluation.claims import sure
from serflow.numbers import MINUS, NARROW, correlation, difference, interval, plain, score, value
from serflow.report.text import counted
from serflow.tables import read_tsv

Row = Mapping[str, str]
LINES = 3


def closing(evaluation: str | Path, confidence: float) -> list[str]:
    """Return up to three lines that tell the most important numbers of an evaluation.

    Of models that recognise labels: the highest UAR with its interval and chance; how far it is
    from the best model of the other kind (SVM or network), or from the runner-up where there is
    one kind; and what random folds would have claimed, or, where that was not asked for, how far
    apart the speakers are. Of models that estimate a number: the best of each target.

    Parameters
    ----------
    evaluation
        Folder of the tables, ``results/{corpus}/evaluation``.
    confidence
        Of the intervals, such as 0.95.

    Returns
    -------
    list of str
        Fewer lines where tables are missing or say nothing; none of a damaged table.
    """
    folder = Path(evaluation)
    try:
        lines = [*_recognised(folder, confidence), *_estimated(folder, confidence)]
    except (OSError, KeyError, ValueError):
        # The report is finished, and what it says stands in it.
        return []
    return [cleaned(line) for line in lines[:LINES]]


def _recognised(folder: Path, confidence: float) -> list[str]:
    models = _rows(folder / "models.tsv")
    trained = [row for row in models if row["family"] != FAMILY]
    if not trained:
        return []
    best = max(trained, key=lambda row: value(row["uar"]))
    chance = next((row["uar"] for row in models if row["model"] == CHANCE), "")
    told = f"chance is {score(chance)}; " if chance else ""
    lines = [
        f"Highest UAR: {best['model']}, {_scored(best, 'uar')} "
        f"({told}{_level(confidence)} interval, {_scope(best)})"
    ]
    lines += _distance(best, trained, _rows(folder / "comparisons.tsv"), confidence)
    by_chance = _premium(trained, _rows(folder / "random_premium.tsv"))
    return lines + (by_chance or _speakers(best["model"], _rows(folder / "per_speaker.tsv")))


def _distance(
    best: Row, trained: Sequence[Row], comparisons: Sequence[Row], confidence: float
) -> list[str]:
    """Tell how far the best model is from the best one of the other kind, or from the next."""
    others = [row for row in trained if row["model"] != best["model"]]
    unlike = [row for row in others if (row["family"] == "svm") != (best["family"] == "svm")]
    if not others:
        return []
    other = max(unlike or others, key=lambda row: value(row["uar"]))
    name = "runner-up"
    if unlike:
        name = "best SVM" if other["family"] == "svm" else "best network"
    for row in comparisons:
        pair = (row["model_a"], row["model_b"])
        if {*pair} != {best["model"], other["model"]}:
            continue
        sign = 1 if pair[0] == best["model"] else -1
        low, high = sorted(sign * value(row[limit]) for limit in ("low", "high"))
        by = difference(sign * value(row["difference"]))
        if sure(low, high, value(row["p_holm"]), confidence):
            verdict = f"{best['model'] if low > 0 else other['model']} is better"
        elif low > 0:
            verdict = "it seems better, which the corrected test does not confirm"
        else:
            verdict = "which of the two is better cannot be told"
        shown = " ".join(filter(None, [by, interval(low, high, signed=True)]))
        return [f"Against the {name}, {other['model']}: {shown}; {verdict}"]
    return []


def _premium(trained: Sequence[Row], premium: Sequence[Row]) -> list[str]:
    """Tell what random folds would have claimed, of the best model that was asked for."""
    names = {row["model"] for row in trained}
    asked = [row for row in premium if row["model"] in names]
    if not asked:
        return []
    row = max(asked, key=lambda row: value(row["uar"]))
    more = f"{difference(row['difference'])} {interval(row['low'], row['high'], signed=True)}"
    return [
        f"Under random folds: {row['model']} would have claimed {score(row['uar_random'])} "
        f"instead of {score(row['uar'])}, {more.strip()}"
    ]


def _speakers(best: str, rows: Sequence[Row]) -> list[str]:
    """Tell how far apart the speakers are."""
    known = [row for row in rows if row["model"] == best and row["speaker"]]
    if len(known) < 2:
        return []
    known = sorted(known, key=lambda row: value(row["uar"]))
    (worst, lowest), (first, highest) = (
        (row["speaker"], score(row["uar"])) for row in (known[0], known[-1])
    )
    return [
        f"By speaker: {best} reaches from {lowest} (speaker {worst}) to {highest} (speaker {first})"
    ]


def _estimated(folder: Path, confidence: float) -> list[str]:
    rows = _rows(folder / "regression.tsv")
    lines = []
    for target in dict.fromkeys(row["target"] for row in rows):
        of_target = [row for row in rows if row["target"] == target]
        trained = [row for row in of_target if row["family"] != FAMILY]
        best = max(trained, key=lambda row: value(row["ccc"]))
        guess = next((row["rmse"] for row in of_target if row["family"] == FAMILY), "")
        told = f" (the training mean: {plain(guess)})" if guess else ""
        shown = f"{correlation(best['ccc'])} {_limits(best, 'ccc')}".strip()
        lines.append(
            f"Highest CCC for {target}: {best['model']}, {shown}; its RMSE is "
            f"{plain(best['rmse'])}{told} ({_level(confidence)} interval, {_scope(best)})"
        )
    return lines


def _level(confidence: float) -> str:
    # Of 97.5 % no half is lost.
    return f"{100 * confidence:g}{NARROW}%"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(read_tsv(path)) if path.is_file() else []


def _scored(row: Row, column: str) -> str:
    return f"{score(row[column])} {_limits(row, column)}".strip()


def _limits(row: Row, column: str) -> str:
    # Correlations may be below zero.
    return interval(row[f"{column}_low"], row[f"{column}_high"]).replace("-", MINUS)


def _scope(row: Row) -> str:
    nouns = [("clips", "clip"), ("speakers", "speaker"), ("folds", "fold"), ("seeds", "seed")]
    return ", ".join(counted(int(row[column]), noun) for column, noun in nouns if row[column])
