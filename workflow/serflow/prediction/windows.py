"""What models say of a recording, as a whole and window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from serflow.prediction import chain
from serflow.prediction.models import Model
from serflow.sound.audio import Recording

STEP = 1.0
"""Seconds between the beginnings of two windows."""


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


def answer(
    recordings: Sequence[Recording], models: Sequence[Model], same_speaker: bool = False
) -> list[Answer]:
    """Ask models for each recording.

    A model hears as much of a recording as of the clips that it was trained on. Of a longer one it
    hears one window after the other, a second apart, as long as these are full; what is left at the
    end is less than a second. The probabilities are means over models, then over windows.

    Parameters
    ----------
    recordings
        At least one.
    models
        At least one, see `serflow.prediction.models.load`.
    same_speaker
        Whether all recordings are of one speaker.

    Returns
    -------
    list of Answer
    """
    seconds = chain.window_seconds(models[0].extraction)
    starts = [window_starts(one.samples.size / one.rate, seconds) for one in recordings]
    pieces = [
        piece(one, start)
        for one, begins in zip(recordings, starts, strict=True)
        for start in begins
    ]
    found = np.mean([model.answers(pieces, same_speaker) for model in models], axis=0)
    ends = np.cumsum([len(begins) for begins in starts])
    return [
        Answer(windows.mean(axis=0), begins, seconds, windows)
        for begins, windows in zip(starts, np.split(found, ends[:-1]), strict=True)
    ]


def window_starts(duration: float, seconds: float) -> list[float]:
    """Return where windows of so many seconds begin in a recording, in seconds."""
    more = int((duration - seconds) // STEP) if duration > seconds else 0
    return [STEP * number for number in range(1 + more)]


def piece(recording: Recording, start: float) -> Recording:
    """Return a recording from `start`, in seconds, on."""
    if not start:
        return recording
    return replace(recording, samples=recording.samples[round(start * recording.rate) :])
