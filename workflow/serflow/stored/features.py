"""What support vector machines say of clips of the corpus, by the run's feature files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serflow import svm
from serflow.sound import features
from serflow.sound.features import Features


class StoredFeatures:
    """Features of some clips, and of all others by their speakers.

    Each file is read once, one after the other, and no more of it is kept.

    Parameters
    ----------
    files
        ``.npz`` file by feature type.
    clips
        Names of all clips that machines will be asked about.
    """

    def __init__(self, files: Mapping[str, str | Path], clips: Sequence[str]) -> None:
        self._kinds = {kind: _part(features.load(path), clips) for kind, path in files.items()}

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


def _part(whole: Features, clips: Sequence[str]) -> Features:
    """Return the rows of `clips`, and of all others by their speakers where these are known."""
    asked = np.isin(whole.clip, list(clips))
    theirs = np.isin(whole.speaker, whole.speaker[asked]) & (whole.speaker != "")
    kept = asked | theirs
    return replace(
        whole,
        X=whole.X[kept],
        clip=whole.clip[kept],
        label=whole.label[kept],
        speaker=whole.speaker[kept],
    )
