"""Mixup: training on mixtures of two clips (Zhang, Cissé, Dauphin & Lopez-Paz 2018, ICLR)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Generator, Tensor

from serflow.networks.determinism import Draws

Loss = Callable[[Tensor, Tensor], Tensor]


def mixed(
    batch: Tensor, truth: Tensor, loss: Loss, alpha: float, draws: Draws
) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Mix a batch with itself in another order.

    One share is drawn for the batch, from Beta(`alpha`, `alpha`), the clip's own being the larger,
    so that its truth is still what the epoch's accuracy is counted by.

    Parameters
    ----------
    batch
        Clips as the network gets them, ``(clips, …)``.
    truth
        Their truth, ``(clips,)``.
    loss
        Of outputs and truth.
    alpha
        More than 0; small values leave most batches almost unmixed.
    draws
        Generators of the share, on the CPU, and of the partners, on the batch's device.

    Returns
    -------
    batch : Tensor
        The mixtures.
    loss : callable
        The loss of their outputs. Numbers are mixed as the clips are; of classes it is the same
        mixture of the losses of both truths.
    """
    share = beta(alpha, draws.order)
    share = max(share, 1 - share)
    partner = torch.randperm(len(batch), generator=draws.augmentation, device=batch.device)
    other = truth[partner]

    def both(outputs: Tensor) -> Tensor:
        if truth.is_floating_point():
            return loss(outputs, share * truth + (1 - share) * other)
        return share * loss(outputs, truth) + (1 - share) * loss(outputs, other)

    return share * batch + (1 - share) * batch[partner], both


def beta(alpha: float, generator: Generator) -> float:
    """Draw from Beta(`alpha`, `alpha`), 0 to 1."""
    # torch's own beta distribution takes no generator.
    seed = int(torch.randint(2**62, (1,), generator=generator).item())
    return float(np.random.Generator(np.random.PCG64(seed)).beta(alpha, alpha))
