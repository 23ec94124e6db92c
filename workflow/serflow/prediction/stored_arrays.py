"""What networks say of clips of the corpus, by the arrays that the run has stored.

Beside the recordings this needs no extraction, and a network that standardises within speakers
finds all clips of a speaker there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serflow import network_inputs
from serflow.networks import modelfile
from serflow.networks.arrays import Blocks
from serflow.networks.speakers import SpeakerStandardised
from serflow.tables import read_tsv


class StoredArrays:
    """The arrays that networks read, one file a shard.

    Parameters
    ----------
    arrays, clips
        ``.npy`` files, and the tables of the clips in their rows.
    """

    def __init__(self, arrays: Sequence[str | Path], clips: Sequence[str | Path]) -> None:
        self._inputs = Blocks(arrays)
        names = [row["clip"] for path in clips for row in read_tsv(path)]
        self._place = {clip: row for row, clip in enumerate(names)}

    def probabilities(
        self,
        model: str | Path,
        clips: Sequence[str],
        speakers: Mapping[str, str],
        own_code: str | None = None,
    ) -> NDArray[np.float64]:
        """Return what a network gives each label, ``(clips, labels)``.

        Parameters
        ----------
        model
            Its file, ``.safetensors``.
        clips
            Names of the clips.
        speakers
            Speaker by clip, of the whole corpus.
        own_code
            The Python file of a network of the user's own.
        """
        network, _ = modelfile.load(model, own_code)
        return modelfile.predict(network, self.of(clips, speakers, network.settings))

    def of(
        self, clips: Sequence[str], speakers: Mapping[str, str], settings: Mapping[str, object]
    ) -> NDArray[np.generic]:
        """Return what a network reads of some clips, before its own normalisation.

        Parameters
        ----------
        clips
            Names of the clips.
        speakers
            Speaker by clip, of the whole corpus.
        settings
            The network's slice of the configuration.
        """
        if network_inputs.normalisation(settings) != "speaker":
            return self._inputs[np.array([self._place[clip] for clip in clips])]
        asked = {speakers[clip] for clip in clips}
        known = [clip for clip in self._place if speakers[clip] in asked]
        inputs = self._inputs[np.array([self._place[clip] for clip in known])]
        standardised = SpeakerStandardised(inputs, [speakers[clip] for clip in known])
        place = {clip: row for row, clip in enumerate(known)}
        return standardised[np.array([place[clip] for clip in clips])]
