"""What the page shows of one recording: player, pictures, and probabilities over time."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from serflow import numbers
from serflow.errors import ClipError, shown
from serflow.prediction.page import pictures
from serflow.prediction.page.label_colours import Look, looks
from serflow.report.text import counted

if TYPE_CHECKING:
    from serflow.prediction.asking import Told
    from serflow.prediction.windows import Answer
    from serflow.sound.audio import Recording

MOST_SECONDS = 120
"""Rows of the table of a recording's windows."""
_FEWEST_BYTES = 4000


def detail(
    place: int, name: str, answer: Answer, told: Told, every: Sequence[Look], sound_bytes: int
) -> tuple[dict[str, Any], int]:
    """Return what is shown of one recording, and how many bytes of sound that takes."""
    from serflow.prediction.recordings import read

    said = told.said(answer.values)
    common: dict[str, Any] = {
        "id": f"recording-{place + 1}",
        "name": shown(name),
        "predicted": said.get("predicted", ""),
        "values": [
            {
                "label": label,
                "text": number(value, told.target),
                "share": f"{100 * value:.2f}",
                "best": label == said.get("predicted"),
                "look": vars(every[at]) if every else None,
            }
            for at, (label, value) in enumerate(
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
        return {**common, "gone": str(error)}, 0
    seconds = recording.samples.size / recording.rate
    sound, played = _sound(recording, sound_bytes)
    return {
        **common,
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
        [f"{start:g}", f"{start + answer.seconds:.3g}", *(number(v, told.target) for v in values)]
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


def number(value: float, target: str | None) -> str:
    """Return an estimate of `target`, or a probability where there is none, as it is written."""
    return numbers.plain(value) if target else numbers.score(value)


def _data(media: str, content: bytes) -> str:
    return f"data:{media};base64,{base64.b64encode(content).decode('ascii')}"


def _marks(ticks: Sequence[pictures.Tick]) -> list[dict[str, str]]:
    return [{"at": f"{100 * at:.3f}", "text": text} for at, text in ticks]
