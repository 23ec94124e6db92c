"""What models say of a recording, as a whole and window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.prediction.extraction import window_seconds
from serflow.prediction.models import Model
from serflow.sound.audio import Recording

STEP = 1.0
"""Seconds between the beginnings of two windows."""
BLOCK = 64
"""Windows that a model hears at once: what it reads of hours of sound would not fit into memory."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What models say of one recording.

    Attributes
    ----------
    values
        Probabilities ``(classes,)``, or the estimate, ``(1,)``: the mean over windows, models.
    starts, seconds
        Where the windows begin, and how long a window is, in seconds.
    windows
        Likewise of each window, ``(windows, classes)`` or ``(windows, 1)``.
    """

    values: NDArray[np.float64]
    starts: list[float]
    seconds: float
    windows: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Heard:
    """What models heard of one recording, before all recordings are compared.

    Attributes
    ----------
    starts, seconds
        As those of `Answer`.
    found
        Of each model its answers for the windows, or, of one that standardises within speakers,
        what it reads of them.
    """

    starts: list[float]
    seconds: float
    found: list[NDArray[Any]]


def hear(recording: Recording, models: Sequence[Model], name: str = "") -> Heard:
    """Let models hear one recording.

    A model hears as much of a recording as of the clips that it was trained on. Of a longer one it
    hears one window after the other, a second apart, as long as these are full; what is left at the
    end is less than a second.

    Parameters
    ----------
    recording
        The recording.
    models
        At least one, see `serflow.prediction.models.load`.
    name
        What the recording is called where it cannot be used.

    Raises
    ------
    UserError
        If its sampling rate is none that the models can use, or a function of the user's own fails.
    """
    seconds = window_seconds(models[0].extraction)
    starts = window_starts(recording.samples.size / recording.rate, seconds)
    # One window is the whole recording, as the evaluation heard it, the end behind it included.
    whole = len(starts) == 1
    pieces = [recording] if whole else [piece(recording, start, seconds) for start in starts]
    found: list[list[NDArray[Any]]] = [[] for _ in models]
    for at in range(0, len(pieces), BLOCK):
        # Trainings of one run mostly read the same, and making it takes longer than the answers.
        read: dict[str, NDArray[Any]] = {}
        for model, of in zip(models, found, strict=True):
            if model.reads not in read:
                read[model.reads] = model.inputs(pieces[at : at + BLOCK], name)
            inputs = read[model.reads]
            of.append(inputs if model.by_speaker else model.answers(inputs))
    return Heard(starts, seconds, [np.concatenate(of) for of in found])


def answer(heard: Sequence[Heard], models: Sequence[Model]) -> list[Answer]:
    """Return what models say of recordings: the means over models, then over windows.

    Parameters
    ----------
    heard
        At least one, see `hear`; of one speaker where a model standardises within speakers.
    models
        Those that heard them.
    """
    by_model = []
    for number, model in enumerate(models):
        found = np.concatenate([one.found[number] for one in heard])
        by_model.append(model.answers(found) if model.by_speaker else found)
    ends = np.cumsum([len(one.starts) for one in heard])
    return [
        Answer(windows.mean(axis=0), one.starts, one.seconds, windows)
        for one, windows in zip(heard, np.split(np.mean(by_model, axis=0), ends[:-1]), strict=True)
    ]


def window_starts(duration: float, seconds: float) -> list[float]:
    """Return where windows of so many seconds begin in a recording, in seconds."""
    more = int((duration - seconds) // STEP) if duration > seconds else 0
    return [STEP * number for number in range(1 + more)]


def piece(recording: Recording, start: float, seconds: float) -> Recording:
    """Return the window of a recording that begins at `start`; both in seconds."""
    begin, end = (round(time * recording.rate) for time in (start, start + seconds))
    return replace(recording, samples=recording.samples[begin:end])
