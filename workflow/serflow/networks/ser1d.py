"""The 1D convolutional and recurrent network of Zhao, Mao and Chen, with and without attention."""

from __future__ import annotations

from torch import Tensor, nn

from serflow.networks.attention import SelfAttention
from serflow.networks.initialisation import glorot
from serflow.networks.stacks import stack

POOL = 4


class SER1D(nn.Module):
    """Four blocks of local features on the waveform, and an LSTM.

    From 16 kHz signals, n samples long: four times convolution of 3, batch normalisation, ELU and
    max-pooling by 4, which leave 64 × n/4, 64 × n/16, 128 × n/64 and 128 × n/256 → LSTM of 64 → its
    last state → logits. With `attention`: LSTM of 64 → additive self-attention over its n/256 steps
    → a second LSTM of 64 → its last state → logits.

    From Zhao, Mao & Chen (2019), "Speech emotion recognition using deep 1D & 2D CNN LSTM networks",
    Biomedical Signal Processing and Control 47:312, and the Keras code that V. Rajan published with
    both variants: signals divided by their root mean square, SGD with Nesterov's momentum of 0.9,
    learning rate 1e-4, batches of 32, early stopping after 8 epochs without a lower validation
    loss. Time is computed as the width of images one pixel high, as in `serflow.networks.cnn1d`.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(samples,)``.
    attention
        Whether self-attention and a second LSTM follow the first.
    channels
        Output channels of each block, in order.
    hidden
        Units of each LSTM.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        attention: bool = False,
        channels: tuple[int, ...] = (64, 64, 128, 128),
        hidden: int = 64,
    ) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        before = 1
        for width in channels:
            # ELU keeps order, so pooling first gives the same numbers with a quarter of them.
            blocks += [
                nn.Conv2d(before, width, (1, 3), padding=(0, 1)),
                nn.BatchNorm2d(width),
                nn.MaxPool2d((1, POOL)),
                nn.ELU(),
            ]
            before = width
        self.blocks = stack(
            f"ser1d with {len(channels)} entries in `channels`",
            input_shape,
            blocks,
            "take fewer entries, longer clips or a higher `rate`",
        )
        self.first = nn.LSTM(before, hidden, batch_first=True)
        self.attention = SelfAttention(hidden) if attention else None
        self.second = nn.LSTM(hidden, hidden, batch_first=True) if attention else None
        self.output = nn.Linear(hidden, n_classes)
        glorot(self)

    def forward(self, signals: Tensor) -> Tensor:
        """Map signals ``(clips, samples)`` to logits ``(clips, n_classes)``."""
        blocks = self.blocks(signals[:, None, None, :])
        states: Tensor = self.first(blocks.squeeze(2).transpose(1, 2))[0]
        if self.attention is not None and self.second is not None:
            states = self.second(self.attention(states))[0]
        logits: Tensor = self.output(states[:, -1])
        return logits
