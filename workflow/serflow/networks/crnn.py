"""The convolutional recurrent network on log-mel spectrograms."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from serflow.networks.attention import AttentionPooling
from serflow.networks.stacks import remaining, stack

TIME_POOLINGS = 3
"""Blocks that halve the frames: frames 10 ms apart become 80 ms, less than half a syllable."""


class CRNN(nn.Module):
    """Convolutions for what is near, a recurrent layer for what follows, attention for the clip.

    ``(bands, frames)`` → for each entry of `channels` a 3 × 3 convolution, batch normalisation,
    max-pooling and ReLU, which halve the bands in every block and the frames in the first three
    (64 × 300 → 96 channels × 4 × 37) → per step channels × bands side by side (384) → GRU in both
    directions (96) → attention pooling → dropout → ``(n_classes,)``.

    The order of layers is that of Chen, He, Yang & Zhang (2018), "3-D convolutional recurrent
    neural networks with attention model for speech emotion recognition", IEEE Signal Processing
    Letters 25(10):1440; the sizes are small because a fold has some hundred clips.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(bands, frames)``.
    channels
        Output channels of each convolution block, in order.
    hidden
        Units of the recurrent layer in each direction.
    dropout
        Probability with which a value is dropped in training, before the recurrent layer and after
        the pooling.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        channels: tuple[int, ...] = (24, 48, 64, 96),
        hidden: int = 48,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        before = 1
        for i, width in enumerate(channels):
            # ReLU keeps order, so pooling first gives the same numbers with a quarter of them.
            blocks += [
                nn.Conv2d(before, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.MaxPool2d((2, 2 if i < TIME_POOLINGS else 1)),
                nn.ReLU(),
            ]
            before = width
        self.blocks = stack(
            f"crnn with {len(channels)} entries in `channels`",
            input_shape,
            blocks,
            "take fewer entries, or more bands or frames",
        )
        bands, _ = remaining(self.blocks, input_shape)
        self.dropout = nn.Dropout(dropout)
        self.recurrent = nn.GRU(before * bands, hidden, batch_first=True, bidirectional=True)
        self.pooling = AttentionPooling(2 * hidden)
        self.output = nn.Linear(2 * hidden, n_classes)

    def forward(self, spectrograms: Tensor) -> Tensor:
        """Map ``(clips, bands, frames)`` to logits ``(clips, n_classes)``."""
        planes = spectrograms.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        steps = self.blocks(planes).permute(0, 3, 1, 2).flatten(2)
        states, _ = self.recurrent(self.dropout(steps))
        logits: Tensor = self.output(self.dropout(self.pooling(states)))
        return logits
