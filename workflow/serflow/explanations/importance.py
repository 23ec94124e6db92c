"""How much each part of its features is worth to a support vector machine.

Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019): what the UAR loses when one
part of the features, such as all frames of a sub-band, is dealt anew among the test clips of a
fold. The machine is not trained again, so where two parts tell the same, each seems worth little.
The intervals resample speakers and keep the dealings: chance in these is not in the intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow import feature_types
from serflow.evaluation import intervals, metrics

COLUMNS = (
    *("model", "features", "part", "uar", "drop", "low", "high"),
    *("repeats", "clips", "speakers", "unit"),
)
REPEATS = 5
"""Dealings anew, whose mean counts."""


@dataclass(frozen=True)
class Part:
    """A part of a feature vector.

    Attributes
    ----------
    name
        ``sc 2: 628–1060``, what it is.
    columns
        Its places in the vector.
    """

    name: str
    columns: NDArray[np.intp]


def parts(types: str, sizes: Mapping[str, int], words: Sequence[str]) -> list[Part]:
    """Divide a feature vector into its parts.

    Parameters
    ----------
    types
        Feature types, several joined by ``+``.
    sizes
        Length of each type's vector.
    words
        What each sub-band is called.

    Returns
    -------
    list of Part
        Sub-bands of SC, SBW and SBE; coefficients of MFCC, with their delta's statistics; a type
        of the user's own as a whole.
    """
    found = []
    start = 0
    kinds = types.split("+")
    for kind in kinds:
        places = np.arange(start, start + sizes[kind])
        start += sizes[kind]
        # All rows of a frame stand side by side, or all coefficients of a statistic.
        if kind in feature_types.SPECTRAL:
            names = list(words)
        else:
            _, count = feature_types.array(kind)
            # Coefficient 0 is how loud the frame is.
            names = [f"MFCC {number}" for number in range(count or 0)]
        if not names:
            found.append(Part(kind, places))
        for row, name in enumerate(names):
            said = f"{kind} {name}" if len(kinds) > 1 else name
            found.append(Part(said, places[row :: len(names)]))
    return found


@dataclass(frozen=True)
class Fold:
    """One fold's machine and its test clips.

    Attributes
    ----------
    predict
        Takes feature vectors, ``(clips, dimensions)``, and returns numbers of labels.
    X, truth, speaker
        Of the test clips: vectors, numbers of the labels, names of the speakers.
    """

    predict: Any
    X: NDArray[np.floating[Any]]
    truth: NDArray[np.intp]
    speaker: NDArray[np.str_]


def importance(
    folds: Sequence[Fold],
    found: Sequence[Part],
    classes: int,
    settings: Mapping[str, Any],
    repeats: int = REPEATS,
) -> list[dict[str, Any]]:
    """Return what each part is worth, over all test clips of all folds.

    Parameters
    ----------
    folds
        Each with a machine of its own.
    found
        The parts.
    classes
        Number of labels.
    settings
        `confidence` of the intervals, `resamples`, `seed`.
    repeats
        Dealings anew of each part.

    Returns
    -------
    list of dict
        `part`, `uar` as it is, `drop` of the UAR without the part (mean over the dealings), `low`
        and `high` of the drop over resampled speakers, `repeats`, `clips`, `speakers` and the
        `unit` that was resampled.
    """
    truth = np.concatenate([fold.truth for fold in folds])
    speaker = np.concatenate([fold.speaker for fold in folds])
    # Right answers (parts, clips): first as it is, then the mean over the dealings of each part.
    right = np.concatenate(
        [_right(fold, found, settings["seed"], repeats) for fold in folds], axis=1
    )
    unit_of, unit = intervals.units(speaker.tolist())
    units = int(unit_of.max()) + 1
    cell = unit_of * classes + truth
    clips = np.bincount(cell, minlength=units * classes).reshape(units, classes).astype(float)
    correct = np.stack(
        [
            np.bincount(cell, weights=one, minlength=units * classes).reshape(units, classes)
            for one in right
        ],
        axis=1,
    )
    total = clips.sum(axis=0)
    hits = correct.sum(axis=0)
    shares = np.divide(hits, total, out=np.full(hits.shape, np.nan), where=total > 0)
    uar = metrics.mean_known(shares)
    resampled = intervals.resampled_uar(
        correct, clips, resamples=settings["resamples"], seed=settings["seed"]
    )
    low, high = intervals.percentiles(resampled[:, :1] - resampled[:, 1:], settings["confidence"])
    return [
        {
            "part": part.name,
            "uar": float(uar[0]),
            "drop": float(uar[0] - uar[place + 1]),
            "low": float(low[place]),
            "high": float(high[place]),
            "repeats": repeats,
            "clips": len(truth),
            "speakers": len(set(speaker.tolist()) - {""}),
            "unit": unit,
        }
        for place, part in enumerate(found)
    ]


def _right(fold: Fold, found: Sequence[Part], seed: int, repeats: int) -> NDArray[np.float64]:
    """Return the share of right answers, ``(1 + parts, clips)``."""
    shares = [(fold.predict(fold.X) == fold.truth).astype(float)]
    for place, part in enumerate(found):
        # Its own dealings, whatever other parts there are before it.
        generator = np.random.Generator(np.random.PCG64([seed, place]))
        answers = np.zeros(len(fold.truth))
        for _ in range(repeats):
            dealt = fold.X.copy()
            order = generator.permutation(len(fold.truth))
            dealt[:, part.columns] = fold.X[np.ix_(order, part.columns)]
            answers += fold.predict(dealt) == fold.truth
        shares.append(answers / repeats)
    return np.stack(shares)
