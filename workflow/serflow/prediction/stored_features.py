"""What support vector machines say of clips of the corpus, by the feature files of the run.

Beside the recordings this needs no extraction, and a machine that standardises within speakers
finds all clips of a speaker there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serflow import svm
from serflow.sound import features


class StoredFeatures:
    """The cached feature matrices of a corpus, each read once.

    Parameters
    ----------
    files
        ``.npz`` file by feature type.
    """

    def __init__(self, files: Mapping[str, str | Path]) -> None:
        self._kinds = {kind: features.load(path) for kind, path in files.items()}

    def probabilities(self, model: str | Path, clips: Sequence[str]) -> NDArray[np.float64]:
        """Return what a support vector machine gives each label, ``(clips, labels)``.

        Parameters
        ----------
        model
            Its file, ``.skops``.
        clips
            Names of the clips.
        """
        machine = svm.load(model)
        kinds = [self._kinds[kind] for kind in machine.chosen["features"].split("+")]
        place = {clip: row for row, clip in enumerate(kinds[0].clip.tolist())}
        wanted = np.array([place[clip] for clip in clips])
        heard, speaker = wanted, kinds[0].speaker
        by_speaker = machine.settings["scaling"] == "speaker"
        if by_speaker:
            heard = np.flatnonzero(np.isin(speaker, speaker[wanted]))
        values = np.concatenate([kind.X[heard] for kind in kinds], axis=1)
        if by_speaker:
            values = svm.standardise_speakers(values, speaker[heard])
        return svm.predict(
            machine, values[np.searchsorted(heard, wanted)] if by_speaker else values
        )
