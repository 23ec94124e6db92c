"""The 2D convolutional network on spectrogram images, or on spectrograms in decibels."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from serflow.errors import UserError

FIRST_STRIDE = 2
POOL = 2
FLOOR = 1e-4
"""Added to a variance before its root, whose slope at zero has no end."""


class CNN2D(nn.Module):
    """Convolution blocks on the image, statistics over time, and fully connected layers.

    Each block is a 3 × 3 convolution, batch normalisation, ReLU and a 2 × 2 max-pooling; the first
    convolution steps by two pixels, which makes an epoch several times cheaper. What is left of the
    frequency axis is kept apart, since a pattern's height in the image carries meaning.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(height, width)`` in pixels.
    channels
        Output channels of each convolution block, in order.
    dropout
        Probability with which an input of each fully connected layer is dropped in training.
    stretches
        Number of equal stretches of time whose means and standard deviations go straight to the
        classes, at most as many as there are steps left of time; with 0 it is one mean, and a fully
        connected layer between.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        channels: tuple[int, ...],
        dropout: float,
        stretches: int = 0,
    ) -> None:
        super().__init__()
        needed = FIRST_STRIDE * POOL ** len(channels) - 1
        if min(input_shape) < needed:
            raise UserError(
                f"cnn2d or cnn_mel with {len(channels)} entries in `channels` needs inputs of at "
                f"least {needed} × {needed} and got {input_shape[0]} × {input_shape[1]}; take "
                "fewer entries, a larger `size`, or more bands or frames"
            )
        blocks: list[nn.Module] = []
        before = 1
        for i, width in enumerate(channels):
            blocks += [
                nn.Conv2d(before, width, 3, FIRST_STRIDE if i == 0 else 1, 1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d(POOL),
            ]
            before = width
        # This memory layout halves the time of an epoch on a CPU.
        self.blocks = nn.Sequential(*blocks).to(  # type: ignore[call-overload]
            memory_format=torch.channels_last
        )
        rows, columns = (-(-n // FIRST_STRIDE) // POOL ** len(channels) for n in input_shape)
        # Short clips have fewer steps than stretches.
        self.stretches = stretches = min(stretches, columns)
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(dropout))
        if stretches:
            self.head.append(nn.Linear(2 * before * rows * stretches, n_classes))
        else:
            self.head.extend(
                [
                    nn.Linear(before * rows, before),
                    nn.ReLU(),
                    nn.Dropout(dropout),
                    nn.Linear(before, n_classes),
                ]
            )

    def forward(self, images: Tensor) -> Tensor:
        """Map images ``(clips, height, width)`` to logits ``(clips, n_classes)``."""
        planes = images.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        logits: Tensor = self.head(self._pooled(self.blocks(planes)))
        return logits

    def _pooled(self, blocks: Tensor) -> Tensor:
        """Map ``(clips, channels, rows, steps)`` to statistics over the steps."""
        if not self.stretches:
            return blocks.mean(dim=3)
        # What does not divide is left out, half of it on either side. A plain number also where
        # the network is traced, to be exported.
        each, rest = divmod(int(blocks.shape[3]), self.stretches)
        used = blocks[..., rest // 2 : rest // 2 + each * self.stretches]
        parts = used.reshape(*used.shape[:3], self.stretches, each)
        deviations = (parts.var(dim=4, correction=0) + FLOOR).sqrt()
        return torch.stack([parts.mean(dim=4), deviations], dim=1)
