"""The 1D convolutional network on the raw signal."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from serflow.errors import UserError

FIRST_KERNEL = 256
FIRST_STRIDE = 32
FIRST_POOL = 5
KERNEL = 5
POOL = 2
FLOOR = 1e-3
"""Added before the logarithm; signals come in with a deviation of about 1."""


class CNN1D(nn.Module):
    """A learned filter bank, convolution blocks, a mean over time, and two fully connected layers.

    The first convolution is a bank of filters on the waveform (at 16 kHz: 16 ms long, every 2 ms),
    whose magnitude is average-pooled (to 10 ms) and taken the logarithm of: a spectrogram, but
    learned, as in the raw-waveform front ends of Hoshen, Weiss & Wilson (2015, ICASSP) and Sainath
    et al. (2015, Interspeech). Each further entry of `channels` is a block: convolution of 5, batch
    normalisation, ReLU, max-pooling by 2.

    Time is computed as the width of images one pixel high whose channels lie side by side in
    memory, and the filters as a convolution of width 8 on 32 channels, the samples of one stride:
    the same sums as one-dimensional layers take, sooner.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(samples,)``.
    channels
        Output channels of the filter bank, then of each block.
    dropout
        Probability with which an input of each fully connected layer is dropped in training.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        channels: tuple[int, ...],
        dropout: float,
    ) -> None:
        super().__init__()
        (samples,) = input_shape
        pooled = POOL ** (len(channels) - 1) * FIRST_POOL
        needed = FIRST_KERNEL + FIRST_STRIDE * (pooled - 1)
        if samples < needed:
            raise UserError(
                f"cnn1d with {len(channels)} entries in `channels` needs clips of at least "
                f"{needed} samples and got {samples}; take fewer entries or a higher `rate`"
            )
        first, *rest = channels
        self.filters = nn.Conv1d(1, first, FIRST_KERNEL, FIRST_STRIDE, bias=False)
        self.envelope = nn.AvgPool2d((1, FIRST_POOL))
        blocks: list[nn.Module] = [nn.BatchNorm2d(first)]
        before = first
        for width in rest:
            blocks += [
                nn.Conv2d(before, width, (1, KERNEL), padding=(0, KERNEL // 2), bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d((1, POOL)),
            ]
            before = width
        self.blocks = nn.Sequential(*blocks).to(  # type: ignore[call-overload]
            memory_format=torch.channels_last
        )
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(before, before),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(before, n_classes),
        )

    def forward(self, signals: Tensor) -> Tensor:
        """Map signals ``(clips, samples)`` to logits ``(clips, n_classes)``."""
        bands = self.envelope(self._filtered(signals).abs())
        logits: Tensor = self.head(self.blocks(torch.log(bands + FLOOR)).mean(dim=(2, 3)))
        return logits

    def _filtered(self, signals: Tensor) -> Tensor:
        """Apply the filters: ``(clips, samples)`` to ``(clips, filters, 1, steps)``."""
        strides = signals.shape[1] // FIRST_STRIDE
        samples = signals[:, : strides * FIRST_STRIDE].view(-1, 1, strides, FIRST_STRIDE)
        taps = self.filters.weight.view(-1, 1, FIRST_KERNEL // FIRST_STRIDE, FIRST_STRIDE)
        return nn.functional.conv2d(samples.permute(0, 3, 1, 2), taps.permute(0, 3, 1, 2))
