"""A generative adversarial network for spectrogram images, and a classifier that starts from it.

After Radford, Metz & Chintala (2016, ICLR), "Unsupervised representation learning with deep
convolutional generative adversarial networks" (DCGAN), for one channel and any height and width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from serflow.networks.stacks import remaining, stack

KERNEL = 4
STRIDE = 2
PADDING = 1
SLOPE = 0.2


class Discriminator(nn.Module):
    """Tells recorded spectrograms from generated ones.

    ``(height, width)`` → for each entry of `channels` a 4 × 4 convolution with stride 2, batch
    normalisation (but in the first) and leaky ReLU, which halve height and width → one logit.

    Parameters
    ----------
    shape
        ``(height, width)`` of an image in pixels.
    channels
        Output channels of each convolution, in order.
    """

    def __init__(
        self, shape: tuple[int, ...], channels: tuple[int, ...] = (16, 32, 64, 128)
    ) -> None:
        super().__init__()
        self.features = features(shape, channels)
        rows, columns = remaining(self.features, shape)
        self.output = nn.Sequential(nn.Flatten(), nn.Linear(channels[-1] * rows * columns, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Map images ``(clips, height, width)`` to logits of being recorded, ``(clips,)``."""
        logits: Tensor = self.output(self.features(_planes(images))).squeeze(1)
        return logits


class Generator(nn.Module):
    """Makes spectrograms from noise.

    ``(latent,)`` → a small image of ``channels[-1]`` channels → for each entry of `channels`,
    backwards, a 4 × 4 transposed convolution with stride 2, batch normalisation and ReLU, which
    double height and width → tanh → cut to ``(height, width)``.

    Parameters
    ----------
    shape
        ``(height, width)`` of an image in pixels.
    channels
        The discriminator's.
    latent
        Length of the noise.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        channels: tuple[int, ...] = (16, 32, 64, 128),
        latent: int = 64,
    ) -> None:
        super().__init__()
        self.latent = latent
        self.height, self.width = shape
        # Rounded up, so that there is something to cut.
        rows, columns = (-(-side // STRIDE ** len(channels)) for side in shape)
        before = channels[-1]
        layers: list[nn.Module] = [
            nn.Linear(latent, before * rows * columns, bias=False),
            nn.Unflatten(1, (before, rows, columns)),
            nn.BatchNorm2d(before),
            nn.ReLU(),
        ]
        for width in channels[-2::-1]:
            layers += [
                nn.ConvTranspose2d(before, width, KERNEL, STRIDE, PADDING, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
            before = width
        self.layers = nn.Sequential(
            *layers, nn.ConvTranspose2d(before, 1, KERNEL, STRIDE, PADDING), nn.Tanh()
        )

    def forward(self, noise: Tensor) -> Tensor:
        """Map noise ``(clips, latent)`` to images ``(clips, height, width)`` within [−1, 1]."""
        images: Tensor = self.layers(noise)[:, 0, : self.height, : self.width]
        return images


class GANCNN2D(nn.Module):
    """The discriminator's convolutions, a mean over time, dropout and a layer to the classes.

    ``(height, width)`` → the discriminator's layers → ``channels[-1]`` channels × rows left, side
    by side → ``(n_classes,)``. Untrained, it is the same network from random weights, which shows
    what `start_from` is worth.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(height, width)`` in pixels.
    channels
        The discriminator's.
    dropout
        Probability with which an input of the last layer is dropped in training.
    """

    def __init__(
        self,
        n_classes: int,
        input_shape: tuple[int, ...],
        channels: tuple[int, ...] = (16, 32, 64, 128),
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.features = features(input_shape, channels)
        rows, _ = remaining(self.features, input_shape)
        self.head = nn.Sequential(
            nn.Flatten(), nn.Dropout(dropout), nn.Linear(channels[-1] * rows, n_classes)
        )

    def start_from(self, discriminator: Discriminator) -> None:
        """Copy the convolutions and batch normalisations of a discriminator of the same sizes."""
        self.features.load_state_dict(discriminator.features.state_dict())

    def forward(self, images: Tensor) -> Tensor:
        """Map images ``(clips, height, width)`` to logits ``(clips, n_classes)``."""
        logits: Tensor = self.head(self.features(_planes(images)).mean(dim=3))
        return logits


def features(shape: tuple[int, ...], channels: tuple[int, ...]) -> nn.Sequential:
    """Make the convolutions that the discriminator and the classifier have in common.

    Parameters
    ----------
    shape
        ``(height, width)`` of an image in pixels.
    channels
        Output channels of each convolution, in order.

    Returns
    -------
    torch.nn.Sequential
        Maps ``(clips, 1, height, width)`` to ``(clips, channels[-1], rows, columns)``.

    Raises
    ------
    UserError
        If the images are too small.
    """
    layers: list[nn.Module] = []
    before = 1
    for i, width in enumerate(channels):
        layers.append(nn.Conv2d(before, width, KERNEL, STRIDE, PADDING, bias=i == 0))
        if i:
            layers.append(nn.BatchNorm2d(width))
        layers.append(nn.LeakyReLU(SLOPE))
        before = width
    return stack(
        f"gan_cnn2d with {len(channels)} entries in `channels`",
        shape,
        layers,
        "take fewer entries or a larger `size`",
    )


def _planes(images: Tensor) -> Tensor:
    """Map ``(clips, height, width)`` to ``(clips, 1, height, width)``."""
    return images.unsqueeze(1).contiguous(memory_format=torch.channels_last)
