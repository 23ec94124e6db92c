"""What the page says of the model, of itself, and what has to be known before anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serflow import numbers
from serflow.prediction import origin
from serflow.report.blocks import Block, note
from serflow.report.text import counted, joined

if TYPE_CHECKING:
    from serflow.prediction.asking import Told


def warnings(told: Told, known: Mapping[str, Any], files: Sequence[Path]) -> list[Block]:
    """Return what stands first: synthetic speech, a model of unknown origin, what was left out."""
    found = []
    if known.get("corpus", {}).get("adapter") == origin.SYNTHETIC:
        found.append(
            note(
                "error",
                "A model of synthetic speech",
                "This model has heard a speech synthesizer only, never a person. What it says of "
                "human speech shows that the workflow works, and nothing else.",
            )
        )
    elif "corpus" not in known:
        found.append(
            note(
                "warning",
                "Where the model comes from is not known",
                f"No report of its run lies beside {files[0]}, so nothing here tells what it was "
                "trained on and how often it is right.",
            )
        )
    if told.unusable:
        found.append(
            note(
                "warning",
                f"{counted(len(told.unusable), 'recording')} could not be used",
                "They are listed below with the reasons.",
            )
        )
    return found


def about_model(told: Told, known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return terms and what they mean here; `known` is of `serflow.prediction.origin.of`."""
    trainings = counted(known["trainings"], "training")
    mean = " (the mean of all counts)" if known["trainings"] > 1 else ""
    items = [("Model", f"{known['model']}, {trainings}{mean}")]
    corpus = known.get("corpus")
    if corpus:
        spoken = counted(corpus["speakers"], "speaker")
        clips = counted(corpus["clips"], "clip")
        items.append(("Trained on", f"the corpus {corpus['name']}: {clips} of {spoken}"))
    if told.target:
        items.append(("Estimates", told.target))
    else:
        items.append(("Knows", joined(told.classes)))
    score = known.get("score")
    if score:
        level = f"{100 * known['confidence']:g}\u202f% " if "confidence" in known else ""
        interval = numbers.interval(score["low"], score["high"])
        tested = counted(score["clips"], "clip")
        speakers = counted(score["speakers"], "speaker")
        within = f", {level}interval {interval}" if interval else ""
        items.append(
            (
                f"{score['name']} in its report",
                f"{numbers.score(score['value'])}{within}, on {tested} of {speakers} of that "
                "corpus, which it had not heard in training",
            )
        )
    return items


def about_page(told: Told) -> list[tuple[str, str]]:
    """Return terms and how the page is read."""
    window = f"{told.heard_seconds:.3g} s"
    heard = (
        f"The model hears {window} at once. Of a longer recording it hears a window every second, "
        "and the mean over the windows counts for the whole."
    )
    if told.target:
        return [("Estimate", f"What the model takes {told.target} for."), ("Windows", heard)]
    sure = (
        "How sure the model is, of these labels alone: it must choose one, also where none of "
        "them fits. A voice, language or microphone unlike those of its corpus makes it less "
        "reliable than its report says."
    )
    return [("Probability", sure), ("Windows", heard)]
