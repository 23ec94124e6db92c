"""Losses of networks that estimate a number, such as arousal or the level of a conflict.

Both look at a batch as a whole, so they say nothing about a batch of one clip: take batches that
show the spread of the target.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

FLOOR = 1e-8
"""Added to the variances: where one is zero, the loss is 1 and its gradient a number."""


def pearson_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """Return 1 − Pearson's correlation.

    It asks only that prediction and target rise together, whatever their offset and scale. From
    Rajan, Brutti & Cavallaro (2019), IEEE Signal Processing Letters 26(11):1668.

    Parameters
    ----------
    predicted, target
        Shape ``(clips,)`` or ``(clips, 1)``.

    Returns
    -------
    Tensor
        A scalar from 0 (correlated) to 2 (opposed); 1 where either is constant.
    """
    _, variances, covariance = _moments(predicted, target)
    spread = (variances + FLOOR).prod().sqrt()
    return 1 - covariance / spread


def ccc_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """Return 1 − concordance correlation coefficient.

    Beside the correlation it wants equal means and variances (Lin 1989, Biometrics 45:255).

    Parameters
    ----------
    predicted, target
        Shape ``(clips,)`` or ``(clips, 1)``.

    Returns
    -------
    Tensor
        A scalar from 0 (equal) to 2; 1 where either is constant.
    """
    means, variances, covariance = _moments(predicted, target)
    return 1 - 2 * covariance / (variances.sum() + (means[0] - means[1]).square() + FLOOR)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "pearson": pearson_loss,
    "ccc": ccc_loss,
}
"""Losses by their names in the configuration."""


def _moments(predicted: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Means ``(2,)``, variances ``(2,)`` and the covariance, over the clips and divided by n."""
    pair = torch.stack([predicted.flatten(), target.flatten()])
    means = pair.mean(dim=1)
    centred = pair - means[:, None]
    return means, centred.square().mean(dim=1), centred.prod(dim=0).mean()
