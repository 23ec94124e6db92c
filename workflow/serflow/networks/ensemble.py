"""Several networks that speak as one, and the unit in which a network speaks."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Members(nn.Module):
    """Several networks.

    Parameters
    ----------
    members
        Networks of the same shapes.
    """

    def __init__(self, members: list[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)


class Ensemble(Members):
    """The mean of the probabilities of several networks.

    They differ in their first weights and in the order of the clips, which is what averages out
    (Lakshminarayanan, Pritzel & Blundell 2017, NeurIPS).
    """

    def forward(self, clips: Tensor) -> Tensor:
        """Map clips ``(clips, …)`` to logarithms of probabilities ``(clips, n_classes)``."""
        each = torch.stack([member(clips).log_softmax(dim=1) for member in self.members])
        return each.logsumexp(dim=0) - torch.tensor(float(len(self.members))).log()


class Estimator(nn.Module):
    """A network of one output, brought to the unit of what it estimates.

    Parameters
    ----------
    network
        Maps clips ``(clips, …)`` to outputs ``(clips, 1)``.
    offset, factor
        Estimate = offset + factor · output; stored with the weights.
    """

    offset: Tensor
    factor: Tensor

    def __init__(self, network: nn.Module, offset: float = 0.0, factor: float = 1.0) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("offset", torch.tensor(offset))
        self.register_buffer("factor", torch.tensor(factor))

    def forward(self, clips: Tensor) -> Tensor:
        """Map clips ``(clips, …)`` to estimates ``(clips, 1)``."""
        estimates: Tensor = self.offset + self.factor * self.network(clips)
        return estimates


class Mean(Members):
    """The mean of the estimates of several networks, each in the unit of what it estimates."""

    def forward(self, clips: Tensor) -> Tensor:
        """Map clips ``(clips, …)`` to estimates ``(clips, 1)``."""
        return torch.stack([member(clips) for member in self.members]).mean(dim=0)


def together(members: list[nn.Module], estimating: bool) -> nn.Module:
    """Return one network of several, or the only one; `estimating` numbers, or giving logits."""
    if len(members) == 1:
        return members[0]
    return Mean(members) if estimating else Ensemble(members)
