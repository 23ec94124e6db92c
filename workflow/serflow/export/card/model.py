"""What the model is, on its card: how many trainings, which files, what goes in and out."""

from __future__ import annotations

from serflow import numbers
from serflow.export.card.facts import Facts
from serflow.export.card.families import family
from serflow.export.card.markdown import block, code, escaped, table
from serflow.export.settings import portable
from serflow.report import text


def model(facts: Facts) -> list[str]:
    """Return what it is, and a table of its files and sizes."""
    told = family(facts.settings)
    many = len(facts.records)
    kind = "machines" if facts.svm else "networks"
    trained = f"{text.counted(facts.folds, 'fold')} and {text.counted(facts.seeds, 'seed')}"
    shown = [
        f"It is {told.what}." + (f" Source: {told.source}." if told.source else ""),
        f"There are {many} of them, one of each of {trained}: each was trained without the test "
        "clips of its fold. None is better founded than another, so asked about a new recording "
        f"all {kind} answer, and the mean counts. That mean itself was not tested: on the corpus "
        "each clip is scored only by those that had not heard its speaker."
        if many > 1
        else f"There is one, of {trained}.",
    ]
    sizes = sorted({int(row["parameters"]) for row in facts.records})
    parameters = numbers.count(sizes[0])
    if sizes[0] != sizes[-1]:
        parameters += f" to {numbers.count(sizes[-1])}"
    files = "`fold{f}_seed{s}.onnx`" if facts.checks else code(facts.model_files)
    rows = [
        ("Files", files),
        ("Input", escaped(facts.reads)),
        ("Output", _output(facts)),
        ("Parameters", f"{parameters} each"),
        *_normalised(facts),
        ("Device of the training", text.joined(sorted({row["device"] for row in facts.records}))),
    ]
    shown += [
        table(("", ""), rows, words=2),
        "Its settings:",
        block(text.outline(portable(facts.settings)), "yaml"),
    ]
    return shown


def _output(facts: Facts) -> str:
    if facts.target is not None:
        return f"an estimate of {escaped(facts.target)}, in the unit of the corpus' sheet"
    return "a probability of " + ", ".join(map(escaped, facts.labels)) + "; they sum to 1"


def _normalised(facts: Facts) -> list[tuple[str, str]]:
    if facts.preprocessing is None:
        return [("Scaling", code(str(facts.settings["scaling"])))]
    told = facts.preprocessing["normalisation"]
    place = "inside the ONNX files" if told["inside_onnx"] else "before the ONNX files"
    return [("Normalisation", f"{told['formula']} ({place})")]
