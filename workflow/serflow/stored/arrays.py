"""What networks read of clips of the corpus, and what they say of them, by the stored arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import network_inputs
from serflow.networks import modelfile
from serflow.networks.arrays import Blocks
from serflow.networks.modelfile import Clips
from serflow.networks.speakers import SpeakerStandardised
from serflow.tables import each_row


class StoredArrays:
    """The arrays that networks read, one file a shard, of which few clips are in memory at a time.

    Parameters
    ----------
    arrays, clips
        ``.npy`` files, and the tables of the clips in their rows.
    speakers
        Speaker by clip, of the whole corpus; "" where not known.
    """

    def __init__(
        self,
        arrays: Sequence[str | Path],
        clips: Sequence[str | Path],
        speakers: Mapping[str, str],
    ) -> None:
        self._inputs = Blocks(arrays)
        names = (row["clip"] for path in clips for row in each_row(path))
        self._place = {clip: row for row, clip in enumerate(names)}
        self._speakers = speakers

    def lacking(self, clips: Sequence[str]) -> list[str]:
        """Return those of `clips` of which nothing is stored."""
        return [clip for clip in clips if clip not in self._place]

    def probabilities(
        self, model: str | Path, clips: Sequence[str], own_code: str | None = None
    ) -> NDArray[np.float64]:
        """Return what a network gives each label, ``(clips, labels)``.

        Parameters
        ----------
        model
            Its file, ``.safetensors``.
        clips
            Names of the clips.
        own_code
            The Python file of a network of the user's own.
        """
        network, _ = modelfile.load(model, own_code)
        return modelfile.predict(network, self.of(clips, network.settings))

    def of(self, clips: Sequence[str], settings: Mapping[str, object]) -> NDArray[np.generic]:
        """Return what a network reads of some clips, before its own normalisation.

        Parameters
        ----------
        clips
            Names of the clips.
        settings
            The network's slice of the configuration.

        Returns
        -------
        array of shape ``(clips, …)``
            Of the stored type; float32 where the network standardises within speakers, as
            `serflow.networks.speakers.SpeakerStandardised` gives it.
        """
        if network_inputs.normalisation(settings) != "speaker":
            return self._inputs[self._rows(clips)]
        asked = {self._speakers[clip] for clip in clips}
        known = [clip for clip in self._place if self._speakers[clip] in asked]
        theirs = _Some(self._inputs, self._rows(known))
        standardised = SpeakerStandardised(theirs, [self._speakers[clip] for clip in known])
        place = {clip: row for row, clip in enumerate(known)}
        return standardised[np.array([place[clip] for clip in clips])]

    def _rows(self, clips: Sequence[str]) -> NDArray[np.intp]:
        return np.array([self._place[clip] for clip in clips], np.intp)


class _Some:
    """Some rows of arrays, read when they are asked for: a speaker may have very many clips."""

    def __init__(self, inputs: Clips, rows: NDArray[np.intp]) -> None:
        self.shape = (len(rows), *inputs.shape[1:])
        self._inputs = inputs
        self._rows = rows

    def __getitem__(self, rows: Any) -> NDArray[Any]:
        return self._inputs[self._rows[rows]]
