"""ConflictNET: convolutions, LSTM and self-attention, for a level or for classes."""

from __future__ import annotations

from torch import Tensor, nn

from serflow.networks.attention import SelfAttention
from serflow.networks.initialisation import glorot
from serflow.networks.stacks import stack

BLOCKS = ((64, 6, 8), (128, 4, 6), (256, 4, 6))
"""Channels, kernel and pooling of each convolution block."""
AVERAGED = 4
HIDDEN = (128, 64)
"""Units of the LSTM before the attention and of the one after it."""


class ConflictNET(nn.Module):
    """Three convolution blocks on the waveform, LSTM, self-attention, LSTM, one dense layer.

    From 8 kHz signals; for the 30 s of the paper: 240,000 samples → convolution, ReLU, batch
    normalisation and max-pooling three times: 64 × 29,999, 128 × 4999, 256 × 832 → means of 4 steps
    256 × 208 → LSTM 208 × 128 → additive self-attention 208 × 128 → LSTM, last state, 64 → outputs.
    No edge is padded, so a clip needs 1325 samples.

    From Rajan, Brutti & Cavallaro (2019), "ConflictNET: end-to-end learning for speech-based
    conflict intensity estimation", IEEE Signal Processing Letters 26(11):1668, and the Keras code
    they published: signals divided by their root mean square, one output, Adam with learning rate
    0.01, batches of 32, `serflow.networks.losses.pearson_loss`, early stopping after 10 epochs.
    With several outputs and cross-entropy it classifies. Time is computed as the width of images
    one pixel high, as in `serflow.networks.cnn1d`.

    Parameters
    ----------
    n_classes
        Number of outputs: logits of classes, or 1 for a level.
    input_shape
        ``(samples,)``.
    """

    def __init__(self, n_classes: int, input_shape: tuple[int, ...]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for width, kernel, pool in BLOCKS:
            layers += [
                nn.Conv2d(before, width, (1, kernel)),
                nn.ReLU(),
                nn.BatchNorm2d(width),
                nn.MaxPool2d((1, pool)),
            ]
            before = width
        layers.append(nn.AvgPool2d((1, AVERAGED)))
        remedy = "take longer clips or a higher `rate`"
        self.blocks = stack("conflictnet", input_shape, layers, remedy)
        first, second = HIDDEN
        self.first = nn.LSTM(before, first, batch_first=True)
        self.attention = SelfAttention(first)
        self.second = nn.LSTM(first, second, batch_first=True)
        self.output = nn.Linear(second, n_classes)
        glorot(self)

    def forward(self, signals: Tensor) -> Tensor:
        """Map signals ``(clips, samples)`` to outputs ``(clips, n_classes)``."""
        steps = self.blocks(signals[:, None, None, :]).squeeze(2).transpose(1, 2)
        attended = self.attention(self.first(steps)[0])
        outputs: Tensor = self.output(self.second(attended)[0][:, -1])
        return outputs
