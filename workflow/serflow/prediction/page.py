"""The page of predictions: each recording with player, spectrogram and probabilities over time."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serflow import numbers
from serflow.errors import ClipError, shown
from serflow.files import write_text
from serflow.prediction import origin, pictures
from serflow.prediction.label_colours import Look, looks
from serflow.report.blocks import Block, definitions, note
from serflow.report.text import counted, joined, printable
from serflow.version import VERSION

if TYPE_CHECKING:
    from serflow.prediction.asking import Told
    from serflow.prediction.windows import Answer
    from serflow.sound.audio import Recording

TEMPLATE = Path(__file__).parents[2] / "report" / "prediction.html.j2"
MOST_SHOWN = 30
"""Recordings with player and pictures; of the others the page has the table alone."""
MOST_ROWS = 2000
"""Rows of the table of all recordings."""
MOST_SECONDS = 120
"""Rows of the table of a recording's windows."""
_FEWEST_BYTES = 4000
SOUND_BYTES = 7_000_000
"""Bytes of sound in a page; in a page's text they take a third more."""


def write(
    path: str | Path,
    told: Told,
    files: Sequence[Path],
    *,
    audio: bool = True,
    tables: Mapping[str, str] | None = None,
) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    path
        The HTML file.
    told
        What models said of recordings; those that are shown are read once more.
    files
        The models' files.
    audio
        Whether the recordings themselves lie in the page, as MP3.
    tables
        Names of the files with all answers, beside the page: `table` and `windows`.
    """
    from serflow.report.html import render

    content = assemble(told, files, audio=audio, tables=tables or {})
    write_text(path, render(printable(content), TEMPLATE))


def assemble(
    told: Told, files: Sequence[Path], *, audio: bool, tables: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template shows; see `write`."""
    known = origin.of(files)
    every = [] if told.target else looks(len(told.classes))
    shown_answers = told.answers[:MOST_SHOWN]
    budget = SOUND_BYTES
    details = []
    for number, (name, answer) in enumerate(shown_answers):
        share = budget // (len(shown_answers) - number)
        detail, used = _detail(number, name, answer, told, every, share if audio else 0)
        budget -= used
        details.append(detail)
    recordings = counted(len(told.answers), "recording")
    return {
        "title": f"What {known['model']} says of {recordings}",
        "program": f"SERflow {VERSION}",
        "warnings": _warnings(told, known, files),
        "facts": [
            {"title": "The model", **definitions(_about_model(told, known))},
            {"title": "How to read this page", **definitions(_about_page(told))},
        ],
        "table": _table(told, every),
        "unusable": [{"name": shown(path), "reason": reason} for path, reason in told.unusable],
        "details": details,
        "left_out": _left_out(told, tables),
        "tables": tables,
        "target": told.target,
    }


def _warnings(told: Told, known: Mapping[str, Any], files: Sequence[Path]) -> list[Block]:
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


def _about_model(told: Told, known: Mapping[str, Any]) -> list[tuple[str, str]]:
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


def _about_page(told: Told) -> list[tuple[str, str]]:
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


def _left_out(told: Told, tables: Mapping[str, str]) -> list[str]:
    found = []
    where = f"; all are in {tables['table']}" if "table" in tables else ""
    if len(told.answers) > MOST_ROWS:
        found.append(f"The table shows the first {numbers.count(MOST_ROWS)} recordings{where}.")
    if len(told.answers) > MOST_SHOWN:
        found.append(
            f"Player and pictures are of the first {MOST_SHOWN} recordings; ask for others alone "
            "to see theirs."
        )
    return found


def _table(told: Told, every: Sequence[Look]) -> dict[str, Any]:
    rows = []
    for number, (name, answer) in enumerate(told.answers[:MOST_ROWS]):
        said = told.said(answer.values)
        link = f"recording-{number + 1}" if number < MOST_SHOWN else ""
        cells = [_number(value, told.target) for value in answer.values]
        rows.append(
            {
                "name": shown(name),
                "link": link,
                "predicted": said.get("predicted", ""),
                "cells": cells,
                "best": int(answer.values.argmax()),
                "windows": len(answer.starts),
            }
        )
    return {"columns": told.classes, "rows": rows, "looks": [vars(look) for look in every]}


def _detail(
    number: int, name: str, answer: Answer, told: Told, every: Sequence[Look], sound_bytes: int
) -> tuple[dict[str, Any], int]:
    """Return what is shown of one recording, and how many bytes of sound that takes."""
    from serflow.prediction.recordings import read

    said = told.said(answer.values)
    detail: dict[str, Any] = {
        "id": f"recording-{number + 1}",
        "name": shown(name),
        "predicted": said.get("predicted", ""),
        "values": [
            {
                "label": label,
                "text": _number(value, told.target),
                "share": f"{100 * value:.2f}",
                "best": label == said.get("predicted"),
                "look": vars(every[place]) if every else None,
            }
            for place, (label, value) in enumerate(
                zip(told.classes, answer.values.tolist(), strict=True)
            )
        ],
        "windows": len(answer.starts),
        "gone": "",
    }
    try:
        recording = read(name)
    except ClipError as error:
        # It was there when the models heard it.
        return {**detail, "gone": str(error)}, 0
    seconds = recording.samples.size / recording.rate
    sound, played = _sound(recording, sound_bytes)
    return {
        **detail,
        "facts": f"{seconds:.2f} s, {numbers.count(recording.rate)} Hz, "
        f"{counted(recording.channels, 'channel')}",
        "seconds": f"{seconds:.6g}",
        "audio": _data("audio/mpeg", sound) if sound else "",
        "cut": f"The player has the first {numbers.duration(played)} of it: more would make the "
        "page too large."
        if sound and played < seconds - 0.01
        else "",
        "waveform": pictures.waveform(recording),
        "spectrogram": _data("image/png", pictures.spectrogram(recording)),
        "frequencies": _marks(pictures.frequencies(recording.rate)),
        "times": _marks(pictures.times(seconds)),
        "chart": _chart(answer, seconds, told, every),
    }, len(sound)


def _chart(
    answer: Answer, seconds: float, told: Told, every: Sequence[Look]
) -> dict[str, Any] | None:
    steps = pictures.steps(answer, seconds)
    if steps is None:
        return None
    low, high = pictures.scale(steps.values.ravel().tolist()) if told.target else (0.0, 1.0)
    marks = [(share, f"{low + share * (high - low):.3g}") for share in (0.0, 0.5, 1.0)]
    look = list(every) or looks(1)
    starts = zip(answer.starts, answer.windows.tolist(), strict=True)
    rows = [
        [f"{start:g}", f"{start + answer.seconds:.3g}", *(_number(v, told.target) for v in values)]
        for start, values in starts
    ]
    return {
        "lines": [
            {"path": path, "look": vars(one)}
            for path, one in zip(steps.lines(low, high), look, strict=True)
        ],
        "marks": _marks(marks),
        "rows": rows[:MOST_SECONDS],
        "more": max(0, len(rows) - MOST_SECONDS),
        # What the script writes under the pictures while the recording is played.
        "data": {
            "edges": [round(edge, 3) for edge in steps.edges.tolist()],
            "values": [[round(value, 3) for value in row] for row in steps.values.tolist()],
            "labels": told.classes,
        },
    }


def _sound(recording: Recording, most: int) -> tuple[bytes, float]:
    """Return a recording as MP3, cut where it has more bytes, and how many seconds that are."""
    from serflow.sound.mp3 import encode

    if not most:
        return b"", 0.0
    samples, rate = recording.samples, recording.rate
    # A second never takes fewer bytes, so that no hours are encoded for minutes.
    samples = samples[: most // _FEWEST_BYTES * rate]
    sound = encode(samples, rate)
    while len(sound) > most:
        samples = samples[: int(0.95 * samples.size * most / len(sound))]
        sound = encode(samples, rate)
    return sound, samples.size / rate


def _number(value: float, target: str | None) -> str:
    return numbers.plain(value) if target else numbers.score(value)


def _data(media: str, content: bytes) -> str:
    return f"data:{media};base64,{base64.b64encode(content).decode('ascii')}"


def _marks(ticks: Sequence[pictures.Tick]) -> list[dict[str, str]]:
    return [{"at": f"{100 * at:.3f}", "text": text} for at, text in ticks]
