"""How far a clip's length and level alone would take: what a corpus gives away beside the voice.

In each fold the clips of each label that are not tested give a mean and a deviation of the cue; a
test clip gets the label under whose normal distribution its value is likeliest, all labels being
alike likely beforehand. Several cues count as independent. Only the standard library is used,
because the report works it out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, pstdev

Row = Mapping[str, str]
NARROWEST = 1e-6
"""Least deviation of a cue: where all clips have one length, no label is likelier than another."""


@dataclass(frozen=True)
class Reached:
    """A UAR between 0 and 1 and the limits of its interval; NaN where there is one clip alone."""

    uar: float
    low: float
    high: float


def reached(
    cues: Mapping[str, Sequence[float]],
    clips: Iterable[Row],
    splits: Iterable[Row],
    confidence: float,
) -> Reached | None:
    """Return the UAR over the test clips of all folds.

    Parameters
    ----------
    cues
        The numbers of each clip, by its name; as many for each.
    clips
        Rows with `clip`, `label` and `speaker`; others than those of `cues` are passed over.
    splits
        Rows with `clip`, `fold` and `role`. What is no test clip of a fold is trained on.
    confidence
        Coverage of the interval, as 0.95. It follows from the spread over speakers of their parts
        in the UAR (the linearised UAR). As with the models' intervals (`intervals.units`), each
        clip stands for itself where not all speakers are known or there is only one.

    Returns
    -------
    Reached
        None where no clip is tested, or a fold trains on no clip of any label.
    """
    row = {one["clip"]: one for one in clips if one["clip"] in cues}
    folds: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for one in splits:
        if one["clip"] in row:
            folds[one["fold"]][one["role"] == "test"].append(one["clip"])
    speakers = {row[clip]["speaker"] for _, test in folds.values() for clip in test}
    by_speaker = len(speakers) > 1 and "" not in speakers
    right: defaultdict[tuple[str, str], int] = defaultdict(int)
    tested: defaultdict[tuple[str, str], int] = defaultdict(int)
    for training, test in folds.values():
        heard = _distributions(cues, row, training)
        if not heard:
            return None
        for clip in test:
            likely = max(heard, key=lambda label: _likelihood(heard[label], cues[clip]))
            unit, label = row[clip]["speaker"] if by_speaker else clip, row[clip]["label"]
            tested[unit, label] += 1
            right[unit, label] += likely == label
    return _with_interval(right, tested, confidence) if tested else None


def _distributions(
    cues: Mapping[str, Sequence[float]], row: Mapping[str, Row], training: Iterable[str]
) -> dict[str, list[NormalDist]]:
    """Return a normal distribution of each cue, by label, in the order of the labels."""
    by_label: defaultdict[str, list[Sequence[float]]] = defaultdict(list)
    for clip in training:
        by_label[row[clip]["label"]].append(cues[clip])
    return {
        label: [
            NormalDist(fmean(of), max(pstdev(of), NARROWEST)) for of in zip(*values, strict=True)
        ]
        for label, values in sorted(by_label.items())
    }


def _likelihood(distributions: Sequence[NormalDist], values: Sequence[float]) -> float:
    """Return the logarithm of the density, without the part that all labels share."""
    return sum(
        -0.5 * ((value - one.mean) / one.stdev) ** 2 - math.log(one.stdev)
        for one, value in zip(distributions, values, strict=True)
    )


def _with_interval(
    right: Mapping[tuple[str, str], int], tested: Mapping[tuple[str, str], int], confidence: float
) -> Reached:
    clips: defaultdict[str, int] = defaultdict(int)
    hits: defaultdict[str, int] = defaultdict(int)
    for (unit, label), count in tested.items():
        clips[label] += count
        hits[label] += right[unit, label]
    recall = {label: hits[label] / clips[label] for label in clips}
    uar = fmean(recall.values())
    part: defaultdict[str, float] = defaultdict(float)
    for (unit, label), count in tested.items():
        above = right[unit, label] - recall[label] * count
        part[unit] += above / clips[label] / len(recall)
    units = len(part)
    if units < 2:
        return Reached(uar, math.nan, math.nan)
    error = math.sqrt(units / (units - 1) * sum(value**2 for value in part.values()))
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    return Reached(uar, max(0.0, uar - reach), min(1.0, uar + reach))
