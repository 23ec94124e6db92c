"""What a network is trained for: the loss, the scores of an epoch, and which epoch is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor, nn

from serflow import targets
from serflow.errors import UserError
from serflow.evaluation import metrics, regression
from serflow.networks.losses import LOSSES


class Objective(Protocol):
    """What `serflow.networks.fitting` asks of an objective."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What `scores` gives, by name."""

    def loss(self, outputs: Tensor, truth: Tensor, /) -> Tensor:
        """Return the training loss of a batch."""

    def scores(self, outputs: Tensor, truth: Tensor, /) -> tuple[float, ...]:
        """Return the scores of the outputs of many clips."""

    def rank(self, scores: Sequence[float], /) -> tuple[float, ...]:
        """Return what is greater for the better epoch."""


@dataclass
class Classification:
    """Cross-entropy; better is the higher UAR, then the lower loss.

    Attributes
    ----------
    weights
        Weight of each class in the training loss, ``(classes,)``, or ``None`` for equal ones.
    smoothing
        Share of the truth that is spread over all classes in the training loss (Szegedy et al.
        2016, CVPR).
    """

    weights: Tensor | None = None
    smoothing: float = 0.0

    columns: ClassVar[tuple[str, ...]] = ("loss", "accuracy", "uar")

    def loss(self, logits: Tensor, truth: Tensor) -> Tensor:
        """Return the training loss of a batch, logits ``(clips, classes)``, truth ``(clips,)``."""
        if self.weights is not None:
            # Kept there, so that it is copied once and not for each batch.
            self.weights = self.weights.to(logits.device)
        return nn.functional.cross_entropy(
            logits, truth, weight=self.weights, label_smoothing=self.smoothing
        )

    def scores(self, logits: Tensor, truth: Tensor) -> tuple[float, ...]:
        """Return loss (unweighted, not smoothed), accuracy and UAR, computed on the CPU."""
        logits, truth = logits.cpu(), truth.cpu()
        loss = float(nn.functional.cross_entropy(logits, truth))
        counts = metrics.confusion(truth.numpy(), logits.argmax(dim=1).numpy(), logits.shape[1])
        return loss, float(metrics.accuracy(counts)), float(metrics.uar(counts))

    @staticmethod
    def rank(scores: Sequence[float]) -> tuple[float, ...]:
        """Return what is greater for the better epoch."""
        loss, _, uar = scores
        return uar, -loss


@dataclass
class Regression:
    """1 − correlation with a number; better is the higher correlation of the same kind.

    The network is trained on the number standardised, so that its unit is no concern of the
    weights. Pearson's correlation is blind to the offset and the scale of the outputs, so for an
    epoch of a network trained by it the CCC says nothing yet: `scale` gives both afterwards.

    Attributes
    ----------
    kind
        ``pearson`` or ``ccc``.
    mean, deviation
        Of the number over the clips that the network is fitted to.
    """

    kind: str
    mean: float
    deviation: float

    columns: ClassVar[tuple[str, ...]] = ("loss", "pearson", "ccc")

    def loss(self, outputs: Tensor, truth: Tensor) -> Tensor:
        """Return the training loss of a batch, outputs ``(clips, 1)``, truth ``(clips,)``."""
        return LOSSES[self.kind](outputs, self._standardised(truth))

    def scores(self, outputs: Tensor, truth: Tensor) -> tuple[float, ...]:
        """Return loss, Pearson's correlation and CCC over all clips, computed on the CPU."""
        given = outputs.flatten().cpu().double().numpy()
        wanted = self._standardised(truth).cpu().double().numpy()
        found = {
            "pearson": regression.pearson(wanted, given),
            "ccc": regression.ccc(wanted, given),
        }
        return 1 - found[self.kind], found["pearson"], found["ccc"]

    @staticmethod
    def rank(scores: Sequence[float]) -> tuple[float, ...]:
        """Return what is greater for the better epoch."""
        return (-scores[0],)

    def scale(self, outputs: Tensor, truth: Tensor) -> tuple[float, float]:
        """Return offset and factor that bring the outputs to the number's unit.

        For ``ccc`` they undo the standardisation; for ``pearson`` they are the line that fits the
        number best, a constant where the outputs are.

        Parameters
        ----------
        outputs, truth
            Of the clips that the network was fitted to, ``(clips, 1)`` and ``(clips,)``.
        """
        if self.kind == "ccc":
            return self.mean, self.deviation
        given, wanted = outputs.flatten().cpu().double(), truth.cpu().double()
        centre, level = float(given.mean()), float(wanted.mean())
        # Rounding leaves a constant's mean a little beside it, which must not be divided by.
        if bool(given.min() == given.max()):
            return level, 0.0
        centred = given - centre
        factor = float((centred * wanted).sum() / centred.square().sum())
        return level - factor * centre, factor

    def _standardised(self, truth: Tensor) -> Tensor:
        return (truth - self.mean) / self.deviation


def objective(
    settings: Mapping[str, Any], truth: Tensor, n_classes: int
) -> Classification | Regression:
    """Return a network's objective.

    Parameters
    ----------
    settings
        The model's slice; ``target`` and ``loss``, or ``class_weights`` and ``label_smoothing`` are
        read.
    truth
        Of the clips that it is fitted to: class indices, int64 ``(clips,)``, or with a ``target``
        its numbers, float32.
    n_classes
        Number of classes.

    Raises
    ------
    UserError
        If the ``target`` is the same number for all clips.
    """
    target = targets.of(settings)
    if target is not None:
        numbers = truth.double()
        if bool(numbers.min() == numbers.max()):
            raise UserError(
                f"`target`: {target} is {float(numbers[0]):g} for all training clips of the fold, "
                "so there is nothing to learn; look at the column and at the `protocol` block"
            )
        deviation = float(numbers.std(correction=0))
        return Regression(settings["loss"], float(numbers.mean()), deviation)
    weights = None
    if settings["class_weights"] == "balanced":
        # As scikit-learn's "balanced": together the classes weigh as much as they have clips.
        counts = torch.bincount(truth, minlength=n_classes)
        weights = len(truth) / (n_classes * counts.clamp(min=1).float())
    return Classification(weights, settings["label_smoothing"])
