"""Scores by what the clip table tells of a clip: gender, intensity, channel, whatever it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.evaluation import intervals, metrics
from serflow.evaluation.entrants import Entrant
from serflow.evaluation.outcomes import Outcomes, Row

FEWEST_VALUES, MOST_VALUES = 2, 20
FEWEST_SPEAKERS = 2
"""An interval over speakers takes at least so many."""
OWN = ("clip", "path", "label", "speaker", "split", "bytes", "mtime")
"""Columns of the clip table that every corpus has; all others are attributes."""
Spread = dict[tuple[str, int], tuple[float, float, float, float]]
"""UAR's and accuracy's intervals by model and number of the value."""


@dataclass(frozen=True)
class Attribute:
    """One column of the clip table.

    Attributes
    ----------
    name
        The column.
    values
        What stands in it for the tested clips, sorted; values are numbered in this order.
    value_of
        Number of each clip's value, -1 where the cell is empty, shape (clips,).
    """

    name: str
    values: tuple[str, ...]
    value_of: NDArray[np.int64]


def find(outcomes: Outcomes, clips: Iterable[Row]) -> list[Attribute]:
    """Return the attributes with `FEWEST_VALUES` to `MOST_VALUES` values among the tested clips."""
    row_of = {row["clip"]: row for row in clips}
    rows = [row_of[clip] for clip in outcomes.clips]
    names = dict.fromkeys(name for row in rows for name in row if name not in OWN)
    found = []
    for name in names:
        cells = [str(row.get(name) or "") for row in rows]
        values = sorted(set(cells) - {""})
        if FEWEST_VALUES <= len(values) <= MOST_VALUES:
            number = {value: place for place, value in enumerate(values)} | {"": -1}
            value_of = np.array([number[cell] for cell in cells], dtype=np.int64)
            found.append(Attribute(name, tuple(values), value_of))
    return found


def scores(
    outcomes: Outcomes,
    entrants: Sequence[Entrant],
    attribute: Attribute,
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return a row for each value and model.

    Parameters
    ----------
    outcomes
        Whose clips `attribute` tells of.
    entrants
        Models, in the order in which they are to be listed.
    attribute
        One of `find`.
    settings
        `confidence` of the intervals, `resamples`, `seed`.

    Returns
    -------
    list of dict
        `attribute`, `value`, `model`, `clips`, `speakers`, `labels`, how many the value's clips
        have, `uar` over these, `accuracy`, means over seeds, and the intervals of both over the
        value's speakers, None where the speakers of a value are not all known or fewer than
        `FEWEST_SPEAKERS`.
    """
    values = len(attribute.values)
    counts = {one.name: one.counts_by(attribute.value_of, values) for one in entrants}
    clips = np.bincount(attribute.value_of[attribute.value_of >= 0], minlength=values).tolist()
    spread = dict(_spread(outcomes, entrants, attribute, settings))
    return [
        {
            "attribute": attribute.name,
            "value": value,
            "model": one.name,
            "clips": clips[place],
            "speakers": len(_speakers(outcomes, attribute, place)),
            "labels": len(np.unique(outcomes.truth[attribute.value_of == place])),
            "uar": _over_seeds(metrics.uar(counts[one.name][:, place])),
            "accuracy": _over_seeds(metrics.accuracy(counts[one.name][:, place])),
            **dict(
                zip(
                    ("uar_low", "uar_high", "accuracy_low", "accuracy_high"),
                    spread.get((one.name, place), (None,) * 4),
                    strict=True,
                )
            ),
        }
        for place, value in enumerate(attribute.values)
        for one in entrants
    ]


def _spread(
    outcomes: Outcomes,
    entrants: Sequence[Entrant],
    attribute: Attribute,
    settings: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, int], tuple[float, ...]]]:
    """Yield the intervals of every model and value that can have one."""
    # Values that the same speakers have are resampled together: the draws are most of the work.
    together: dict[tuple[int, ...], list[int]] = {}
    for place in range(len(attribute.values)):
        speakers = _speakers(outcomes, attribute, place)
        known = (outcomes.speaker_of[attribute.value_of == place] >= 0).all()
        if known and len(speakers) >= FEWEST_SPEAKERS:
            together.setdefault(speakers, []).append(place)
    classes = len(outcomes.classes)
    for speakers, places in together.items():
        part_of = np.full(len(attribute.values) + 1, -1)
        part_of[places] = np.arange(len(places))
        unit_of = np.full(len(outcomes.known_speakers) + 1, -1)
        unit_of[list(speakers)] = np.arange(len(speakers))
        # The value -1 reads the last place of `part_of`, which is -1 as well.
        part, unit = part_of[attribute.value_of], unit_of[outcomes.speaker_of]
        inside = part >= 0
        shape = len(speakers), len(places), classes
        cell = np.ravel_multi_index((unit[inside], part[inside], outcomes.truth[inside]), shape)
        size = int(np.prod(shape))
        clips = np.bincount(cell, minlength=size).reshape(shape)
        correct = [
            np.bincount(cell, weights=one.right[inside], minlength=size).reshape(shape)
            for one in entrants
        ]
        sampled = intervals.resampled_scores(
            np.stack(correct, axis=1),
            clips,
            resamples=settings["resamples"],
            seed=settings["seed"],
        )
        ends = [
            end for found in sampled for end in intervals.percentiles(found, settings["confidence"])
        ]
        for number, one in enumerate(entrants):
            for part_number, place in enumerate(places):
                yield (one.name, place), tuple(float(end[number, part_number]) for end in ends)


def _speakers(outcomes: Outcomes, attribute: Attribute, place: int) -> tuple[int, ...]:
    speakers = outcomes.speaker_of[attribute.value_of == place]
    return tuple(np.unique(speakers[speakers >= 0]).tolist())


def _over_seeds(scores: metrics.Floats) -> float | None:
    known = float(metrics.mean_known(scores))
    return None if np.isnan(known) else known
