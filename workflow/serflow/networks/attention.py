"""Attention over the frames of a sequence."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """Additive self-attention: each frame becomes a weighted mean of all frames.

    As the layer ``SeqSelfAttention`` of keras-self-attention with ``attention_activation="tanh"``,
    which the authors of ConflictNET used; the scores are those of Bahdanau, Cho & Bengio (2015,
    ICLR), squashed once more::

        h(t, s) = tanh(x(t) W_t + x(s) W_x + b_h)      (clips, frames, frames, units)
        e(t, s) = tanh(h(t, s) W_a + b_a)              (clips, frames, frames)
        y(t)    = Σ_s softmax_s(e(t, s)) x(s)          (clips, frames, features)

    As e lies in [−1, 1], no frame weighs more than e² = 7.4 times as much as another.

    Parameters
    ----------
    features
        Length of a frame.
    units
        Length of h.
    """

    def __init__(self, features: int, units: int = 32) -> None:
        super().__init__()
        self.W_t = nn.Parameter(torch.empty(features, units))
        self.W_x = nn.Parameter(torch.empty(features, units))
        self.b_h = nn.Parameter(torch.zeros(units))
        self.W_a = nn.Parameter(torch.empty(units, 1))
        self.b_a = nn.Parameter(torch.zeros(1))
        for weights in (self.W_t, self.W_x, self.W_a):
            nn.init.xavier_normal_(weights)

    def weights(self, frames: Tensor) -> Tensor:
        """Return how much frame s counts for frame t, ``(clips, t, s)``; each row sums to 1."""
        asked = (frames @ self.W_t + self.b_h).unsqueeze(2)
        answered = (frames @ self.W_x).unsqueeze(1)
        scores = torch.tanh(asked + answered) @ self.W_a + self.b_a
        return torch.softmax(torch.tanh(scores.squeeze(3)), dim=2)

    def forward(self, frames: Tensor) -> Tensor:
        """Map ``(clips, frames, features)`` to the same shape."""
        return self.weights(frames) @ frames


class AttentionPooling(nn.Module):
    """One vector for a sequence: the mean of its frames with learned weights.

    A frame's weight is the softmax over frames of its product with one learned vector, after
    Mirsamadi, Barsoum & Zhang (2017, ICASSP). That vector begins at zero, so the first step is
    taken on the plain mean.

    Parameters
    ----------
    features
        Length of a frame.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.zeros(features))

    def forward(self, frames: Tensor) -> Tensor:
        """Map ``(clips, frames, features)`` to ``(clips, features)``."""
        weights = torch.softmax(frames @ self.query, dim=1)
        return torch.einsum("cf,cfd->cd", weights, frames)
