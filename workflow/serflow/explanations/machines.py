"""What each sub-band or coefficient is worth to a support vector machine, over all folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import svm
from serflow.explanations.importance import Fold, importance, parts
from serflow.sound import features
from serflow.sound.bands import frequencies, locate
from serflow.sound.features import Features
from serflow.sound.mel_scale import centres

Trained = tuple[int, svm.TrainedSVM]
"""Fold and its machine."""


def weigh(
    trained: Sequence[Trained],
    kinds: Mapping[str, Features],
    tested: Mapping[int, NDArray[np.bool_]],
    words: Sequence[str],
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return what each part of its features is worth to a model.

    Parameters
    ----------
    trained
        The model's machines, one of each fold.
    kinds
        Features by type, all of the same clips.
    tested
        By fold whether it tests a clip, ``(clips,)``.
    words
        What each sub-band is called.
    settings
        See `serflow.explanations.importance.importance`.

    Returns
    -------
    list of dict
        Rows of `importance` with `features`; none where folds chose other features, which have no
        parts in common.
    """
    first = trained[0][1]
    chosen = first.chosen["features"]
    if any(machine.chosen["features"] != chosen for _, machine in trained):
        return []
    both = features.concatenate([kinds[kind] for kind in chosen.split("+")])
    folds = [_fold(machine, both, tested[fold]) for fold, machine in trained]
    sizes = {kind: kinds[kind].X.shape[1] for kind in chosen.split("+")}
    found = importance(folds, parts(chosen, sizes, words), len(first.labels), settings)
    return [{"features": chosen, **row} for row in found]


def _fold(machine: svm.TrainedSVM, both: Features, test: NDArray[np.bool_]) -> Fold:
    X: NDArray[np.floating[Any]] = both.X
    if machine.settings["scaling"] == "speaker":
        X = svm.standardise_speakers(X, both.speaker)
    truth = np.array([machine.labels.index(label) for label in both.label[test]])
    return Fold(
        lambda X: svm.predict(machine, X).argmax(axis=1), X[test], truth, both.speaker[test]
    )


def band_words(edges: Sequence[Sequence[float]], meaning: str, n_mels: int, rate: int) -> list[str]:
    """Return what each sub-band is called: its place and its frequencies at `rate` Hz.

    Parameters
    ----------
    edges, meaning, n_mels
        The configuration's ``features.bands``, ``features.frequency``, ``spectrogram.n_mels``.
    rate
        Sampling rate in Hz.
    """
    mids = centres(rate, n_mels)
    ranges = locate(edges, frequencies(meaning, n_mels, rate))
    return [
        f"band {place}, {mids[start]:.0f}–{mids[stop - 1]:.0f} Hz"
        for place, (start, stop) in enumerate(ranges, 1)
    ]
