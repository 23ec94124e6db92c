"""The multilayer perceptron on raw samples."""

from __future__ import annotations

from torch import Tensor, nn

from serflow.networks.initialisation import glorot


class MLPWave(nn.Module):
    """One hidden layer that looks at every sample by itself.

    ``(samples,)`` → fully connected, ReLU ``(hidden,)`` → fully connected ``(n_classes,)``.

    A shift by one sample is another input to it, so it learns the training clips by heart; it is
    here to show that. From the tutorial "Speech classification using neural networks: the basics"
    (Towards Data Science, 2018), which gives it 30,000 samples at 22,050 Hz and trains it with Adam
    for 10 epochs in batches of 32.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(samples,)``.
    hidden
        Units of the hidden layer.
    """

    def __init__(self, n_classes: int, input_shape: tuple[int, ...], hidden: int = 128) -> None:
        super().__init__()
        (samples,) = input_shape
        self.layers = nn.Sequential(
            nn.Linear(samples, hidden), nn.ReLU(), nn.Linear(hidden, n_classes)
        )
        glorot(self)

    def forward(self, signals: Tensor) -> Tensor:
        """Map signals ``(clips, samples)`` to logits ``(clips, n_classes)``."""
        logits: Tensor = self.layers(signals)
        return logits
