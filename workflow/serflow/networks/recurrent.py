"""Recurrent networks on frame features: LSTM and GRU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from serflow.errors import UserError
from serflow.networks.attention import AttentionPooling

CELLS: dict[str, type[nn.LSTM] | type[nn.GRU]] = {"lstm": nn.LSTM, "gru": nn.GRU}
POOLINGS = ("last", "mean", "attention")


class Recurrent(nn.Module):
    """A recurrent layer over the frames, one vector for the clip, dropout and a dense layer.

    ``(features, frames)`` → LSTM or GRU over the frames ``(frames, states)``, with states `hidden`
    or twice that → pooled ``(states,)`` → ``(n_classes,)``.

    LSTM: Hochreiter & Schmidhuber (1997, Neural Computation); GRU: Cho et al. (2014, EMNLP). Last
    state, mean and attention over time are compared for emotion by Mirsamadi, Barsoum & Zhang
    (2017, ICASSP); attention, the best there, is the default.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(features, frames)``.
    cell
        ``"lstm"`` or ``"gru"``.
    hidden
        Units of the recurrent layer, in each direction.
    layers
        Recurrent layers, one upon the other.
    bidirectional
        Whether the clip is also read from its end.
    pooling
        How the frames' states become one vector: ``"last"`` (the state after the last frame, and
        that of the other direction after the first; of a clip filled with silence, after the
        silence), ``"mean"`` or ``"attention"``.
    dropout
        Probability with which a value is dropped in training, between layers and before the last.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        cell: str = "lstm",
        hidden: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        pooling: str = "attention",
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        if cell not in CELLS:
            raise UserError(f"`cell` is {cell!r}; it has to be one of {', '.join(CELLS)}")
        if pooling not in POOLINGS:
            raise UserError(f"`pooling` is {pooling!r}; it has to be one of {', '.join(POOLINGS)}")
        features, _ = input_shape
        self.recurrent = CELLS[cell](
            features,
            hidden,
            layers,
            batch_first=True,
            bidirectional=bidirectional,
            # Between layers; torch warns of a dropout that has no place.
            dropout=dropout if layers > 1 else 0.0,
        )
        self.hidden = hidden
        self.pooling = pooling
        states = hidden * (2 if bidirectional else 1)
        self.attention = AttentionPooling(states) if pooling == "attention" else None
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(states, n_classes))

    def forward(self, frames: Tensor) -> Tensor:
        """Map ``(clips, features, frames)`` to logits ``(clips, n_classes)``."""
        states: Tensor = self.recurrent(frames.transpose(1, 2))[0]
        logits: Tensor = self.head(self._pooled(states))
        return logits

    def _pooled(self, states: Tensor) -> Tensor:
        """Map ``(clips, frames, states)`` to ``(clips, states)``."""
        if self.attention is not None:
            pooled: Tensor = self.attention(states)
            return pooled
        if self.pooling == "mean":
            return states.mean(dim=1)
        forth, back = states[:, -1, : self.hidden], states[:, 0, self.hidden :]
        return torch.cat([forth, back], dim=1)
