"""The 1D convolutional network on the raw signal."""

from __future__ import annotations

from torch import Tensor, nn

from serflow.errors import UserError

FIRST_KERNEL = 80
FIRST_STRIDE = 16
KERNEL = 3
POOL = 4


class CNN1D(nn.Module):
    """Convolution blocks on the waveform, a mean over time, and two fully connected layers.

    After the M5 network of Dai et al. (2017, ICASSP, "Very deep convolutional neural networks for raw
    waveforms"): a long first kernel that can become a bank of band-pass filters, then kernels of 3,
    each block batch-normalised, rectified and max-pooled by 4.  The first stride is 16 samples rather
    than their 4, which makes an epoch several times cheaper.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(samples,)``.
    channels
        Output channels of each convolution block, in order.
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
        needed = FIRST_KERNEL + FIRST_STRIDE * (POOL ** len(channels) - 1)
        if samples < needed:
            raise UserError(
                f"cnn1d with {len(channels)} blocks needs clips of at least {needed} samples and got "
                f"{samples}; take fewer entries in `channels` or a higher `rate`"
            )
        blocks: list[nn.Module] = []
        before = 1
        for i, width in enumerate(channels):
            kernel, stride = (FIRST_KERNEL, FIRST_STRIDE) if i == 0 else (KERNEL, 1)
            padding = 0 if i == 0 else KERNEL // 2
            blocks += [
                nn.Conv1d(before, width, kernel, stride, padding, bias=False),
                nn.BatchNorm1d(width),
                nn.ReLU(),
                nn.MaxPool1d(POOL),
            ]
            before = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(before, before),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(before, n_classes),
        )

    def forward(self, signals: Tensor) -> Tensor:
        """Map signals ``(clips, samples)`` to logits ``(clips, n_classes)``."""
        logits: Tensor = self.head(self.blocks(signals.unsqueeze(1)).mean(dim=2))
        return logits
