"""What models say of single clips, as shares by label: of test clips, and of those of training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from serflow.evaluation.outcomes import Outcomes

Said = dict[str, dict[str, list[float]]]
"""Clip → model → share of each label, with four digits."""
Files = Sequence[str]


class Trained(NamedTuple):
    """A trained model, and what it reads.

    Attributes
    ----------
    model
        Its name; several trainings of one model have the same.
    file
        Its file.
    arrays
        The folder of the arrays that it reads; None of a support vector machine.
    own_code
        The Python file of a network of the user's own.
    """

    model: str
    file: str
    arrays: str | None = None
    own_code: str | None = None


def of_test(outcomes: Outcomes, clips: Iterable[str]) -> Said:
    """Return what each model gave each label, mean over seeds, of the test clips among `clips`."""
    place = {clip: number for number, clip in enumerate(outcomes.clips)}
    return {
        clip: {
            model: _shares(of[:, place[clip]].mean(axis=0))
            for model, of in outcomes.probabilities.items()
        }
        for clip in clips
        if clip in place
    }


def of_training(
    models: Sequence[Trained],
    clips: Sequence[str],
    *,
    features: Mapping[str, str],
    arrays: Mapping[str, tuple[Files, Files]],
    speakers: Mapping[str, str],
) -> Said:
    """Return what models say of clips that they may have been trained on, mean over trainings.

    Parameters
    ----------
    models
        The models that are asked.
    clips
        Names of the clips.
    features
        Feature file by type, of the machines.
    arrays
        By folder the files of the arrays and the tables of their clips, of the networks.
    speakers
        Speaker by clip, of the whole corpus.
    """
    if not clips:
        return {}
    # Each only where there is a model that needs it: torch alone takes seconds to import.
    if features:
        from serflow.stored.features import StoredFeatures

        stored_features = StoredFeatures(features, clips)
    if arrays:
        from serflow.stored.arrays import StoredArrays

        stored_arrays = {folder: StoredArrays(*of, speakers) for folder, of in arrays.items()}
    said: dict[str, list[NDArray[np.float64]]] = {}
    for one in models:
        if one.arrays is None:
            found = stored_features.probabilities(one.file, clips)
        else:
            found = stored_arrays[one.arrays].probabilities(one.file, clips, one.own_code)
        said.setdefault(one.model, []).append(found)
    means = {model: np.mean(of, axis=0) for model, of in said.items()}
    return {
        clip: {model: _shares(of[row]) for model, of in means.items()}
        for row, clip in enumerate(clips)
    }


def _shares(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), 4) for value in values]
