"""Clips standardised within each speaker, without labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.networks import normalisation
from serflow.networks.modelfile import Clips


class SpeakerStandardised:
    """Clips less their speaker's mean, divided by the speaker's standard deviation.

    Both are taken over all clips of the speaker, whatever their label and side of the split, so
    this suits only recordings of which there are several by one known speaker, and the report says
    so. A spectrogram's rows have their own mean and deviation. Changed copies are standardised as
    the clips are, so what was changed stays.

    Parameters
    ----------
    inputs
        Raw clips, ``(clips, samples)`` or ``(clips, rows, frames)``; after the clips there may be
        changed copies of all of them, in the same order, once or several times.
    speakers
        Speaker of each clip, without the copies.

    Attributes
    ----------
    shape
        As the inputs'.
    """

    def __init__(self, inputs: Clips, speakers: Sequence[str] | NDArray[np.str_]) -> None:
        self.shape = inputs.shape
        self._inputs = inputs
        names, speaker = np.unique(np.asarray(speakers), return_inverse=True)
        self._speaker = np.tile(speaker, inputs.shape[0] // len(speaker))
        found = [
            normalisation.moments(
                inputs, np.flatnonzero(speaker == number), by_row=len(inputs.shape) == 3
            )
            for number in range(len(names))
        ]
        # With an axis of clips, and one of values where there was none.
        shape = (len(names), -1, 1) if len(inputs.shape) == 3 else (len(names), 1)
        self._mean, self._std = (
            np.array(values, np.float32).reshape(shape) for values in zip(*found, strict=True)
        )

    def __getitem__(self, rows: Any) -> NDArray[np.float32]:
        """Read clips, float32, by an array of indices."""
        speaker = self._speaker[rows]
        clips: NDArray[np.float32] = np.array(self._inputs[rows], np.float32)
        clips -= self._mean[speaker]
        clips /= self._std[speaker]
        return clips
