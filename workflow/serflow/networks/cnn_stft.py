"""The 2D convolutional network on a linear-frequency spectrogram in decibels."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from serflow.networks.initialisation import glorot
from serflow.networks.stacks import remaining, stack

KERNEL = 4
POOL = 4


class CNNSTFT(nn.Module):
    """Blocks of a 4 × 4 convolution, ReLU, a 4 × 4 max-pooling and dropout; two dense layers.

    With two blocks, on 1025 frequencies × 40 frames: 1 × 1025 × 40 → 32 × 256 × 10 → 64 × 63 × 1 →
    `hidden`, ReLU → `n_classes`. Every block but the last fills its edges with zeros ("same").

    From the tutorial "Speech classification using neural networks: the basics" (Towards Data
    Science, 2018). By a slip its second convolution reads the spectrogram instead of the first
    block, so what reached its 65 % was one block of 64 channels (4,701,610 weights for ten
    classes): ``channels=(64,)``. The default is what it set out to build. Adam, 10 epochs.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(frequencies, frames)``.
    channels
        Output channels of each block, in order.
    hidden
        Units of the first dense layer.
    dropout
        Probability with which a value is dropped after each pooling in training.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        channels: tuple[int, ...] = (32, 64),
        hidden: int = 32,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        before = 1
        for i, width in enumerate(channels):
            if i < len(channels) - 1:
                blocks.append(nn.ZeroPad2d(((KERNEL - 1) // 2, KERNEL // 2) * 2))
            # ReLU keeps order, so pooling first gives the same numbers with a sixteenth of them.
            blocks += [
                nn.Conv2d(before, width, KERNEL),
                nn.MaxPool2d(POOL),
                nn.ReLU(),
                nn.Dropout(dropout),
            ]
            before = width
        self.blocks = stack(
            f"cnn_stft with {len(channels)} entries in `channels`",
            input_shape,
            blocks,
            "take fewer entries or more frames",
        )
        height, width = remaining(self.blocks, input_shape)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(before * height * width, hidden),
            nn.ReLU(),
            nn.Linear(hidden, n_classes),
        )
        glorot(self)

    def forward(self, spectrograms: Tensor) -> Tensor:
        """Map ``(clips, frequencies, frames)`` to logits ``(clips, n_classes)``."""
        planes = spectrograms.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        logits: Tensor = self.head(self.blocks(planes))
        return logits
