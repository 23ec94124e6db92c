"""A classifier from a GAN's weights beside the same from random ones, at few and many labels.

What is compared differs in the first weights alone: both are fitted to the same clips, in the same
order, with the same schedule, and have the same first weights where none are given.

With fewer labels an epoch is shorter. So that a start is not called good because the other had too
few steps, every share takes as many steps as all labels do: the fewer clips, the more epochs.
Validation clips have no part in it, since choosing an epoch by them would take their labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from serflow.evaluation import metrics
from serflow.networks.checkpoints import Checkpoint
from serflow.networks.modelfile import Clips
from serflow.networks.training import Trained, train
from serflow.tables import write_tsv

STARTS = ("gan", "random")
SCORES = ("share", "start", "fold", "seed", "clips", "uar", "wa")
"""Columns of the table of scores."""


@dataclass
class Answers:
    """What one classifier says of the test clips.

    Attributes
    ----------
    share
        Share of the labels that it was given.
    start
        One of `STARTS`.
    clips
        Number of clips that it was fitted to.
    predicted
        Class of each test clip, int64 ``(test clips,)``.
    """

    share: float
    start: str
    clips: int
    predicted: NDArray[np.int64]

    @property
    def column(self) -> str:
        """Name of its column in the table of answers."""
        return f"{self.start} {self.share:g}"


def draw(
    labels: NDArray[np.int64], rows: NDArray[np.int64], share: float, seed: int
) -> NDArray[np.int64]:
    """Draw a share of some clips at random, the same share of each class and at least one clip.

    Parameters
    ----------
    labels
        Class of each clip, ``(clips,)``.
    rows
        The clips to draw from.
    share
        Above 0 and up to 1.
    seed
        Of the draw. Those of one seed lie within each other: a larger share adds clips.

    Returns
    -------
    numpy.ndarray
        Some of `rows`, in their order.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    order = generator.permutation(rows)
    drawn = []
    for of_class in np.unique(labels[rows]):
        clips = order[labels[order] == of_class]
        drawn.append(clips[: max(1, round(share * len(clips)))])
    return np.sort(np.concatenate(drawn))


def schedule(settings: Mapping[str, Any], clips: int, drawn: int) -> dict[str, Any]:
    """Return the settings of a classifier that takes as many steps as one fitted to all clips.

    Parameters
    ----------
    settings
        The model's configuration slice.
    clips
        Number of training clips.
    drawn
        Number of those that the classifier is fitted to.
    """
    size = settings["batch_size"]
    steps = settings["epochs"] * -(-clips // size)
    return {
        **settings,
        "epochs": -(-steps // -(-drawn // size)),
        "select": "last",
        "patience": None,
        "refit": False,
        "members": 1,
    }


def compare(
    inputs: Clips,
    labels: NDArray[np.int64],
    roles: NDArray[np.str_],
    classes: Sequence[str],
    settings: Mapping[str, Any],
    seed: int,
    start: Callable[[nn.Module], None],
    model: Trained,
    device: str = "auto",
    threads: int = 1,
    checkpoint: Checkpoint | None = None,
) -> Iterator[Answers]:
    """Train classifiers with each of ``label_shares``, from both starts, one after the other.

    Parameters
    ----------
    inputs, labels, roles, classes, settings, seed, device, threads, checkpoint
        As `serflow.networks.training.train` takes them; the seed is that of the draws too.
    start
        Gives a module the GAN's weights.
    model
        The model itself, trained on all labels from the GAN's weights: it need not be trained again
        where the comparison would train it alike.
    """
    rows = np.flatnonzero(roles == "train")
    for share in settings["label_shares"]:
        drawn = draw(labels, rows, share, seed)
        own = schedule(settings, len(rows), len(drawn))
        given = np.where(roles == "test", roles, "")
        given[drawn] = "train"
        for name in STARTS:
            if name == "gan" and len(drawn) == len(rows) and own == dict(settings):
                probabilities = model.probabilities
            else:
                probabilities = train(
                    inputs,
                    labels,
                    given,
                    classes,
                    own,
                    seed,
                    device,
                    threads,
                    checkpoint=checkpoint,
                    start=start if name == "gan" else None,
                    part=f"{name} {share:g}, ",
                ).probabilities
            yield Answers(share, name, len(drawn), probabilities.argmax(axis=1))


def score(
    answers: Answers, truth: NDArray[np.int64], classes: int, fold: int, seed: int
) -> dict[str, Any]:
    """Return a classifier's row of the table of scores, keys `SCORES`.

    Parameters
    ----------
    answers
        What it says.
    truth
        Class of each test clip, ``(test clips,)``.
    classes
        Number of classes.
    fold, seed
        Of the training.
    """
    counts = metrics.confusion(truth, answers.predicted, classes)
    cells = (answers.share, answers.start, fold, seed, answers.clips)
    scores = (float(metrics.uar(counts)), float(metrics.accuracy(counts)))
    return dict(zip(SCORES, (*cells, *scores), strict=True))


def write_answers(
    path: str | Path,
    clips: Sequence[str],
    speakers: Sequence[str],
    truth: Sequence[str],
    labels: Sequence[str],
    answers: Sequence[Answers],
) -> None:
    """Write what all classifiers of a training say: a row a test clip, a column a classifier.

    Parameters
    ----------
    path
        The table.
    clips, speakers, truth
        Of each test clip.
    labels
        Class names, in the order of the classes' numbers.
    answers
        What each classifier says.
    """
    columns = [each.column for each in answers]
    rows = [
        {
            "clip": clip,
            "speaker": speaker,
            "label": label,
            **{each.column: labels[each.predicted[place]] for each in answers},
        }
        for place, (clip, speaker, label) in enumerate(zip(clips, speakers, truth, strict=True))
    ]
    write_tsv(path, rows, ["clip", "speaker", "label", *columns])
