"""The very deep networks on raw waveforms of Dai et al.: M3, M5, M11, M18 and M34-res."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from serflow.errors import UserError
from serflow.networks.initialisation import glorot
from serflow.networks.stacks import stack

FIRST_KERNEL = 80
FIRST_STRIDE = 4
KERNEL = 3
POOL = 4
POOLINGS = 4
"""The groups that are max-pooled; a fifth goes straight to the mean over time."""


class Plan(NamedTuple):
    """One column of the paper's table 1.

    Attributes
    ----------
    first
        Channels of the first convolution.
    groups
        For each group of layers between two poolings the channels, and the number of convolutions
        (with `residual`: of blocks of two).
    residual
        Whether each pair of convolutions is passed by a shortcut.
    """

    first: int
    groups: tuple[tuple[int, int], ...]
    residual: bool = False


PLANS = {
    "m3": Plan(256, ((256, 1),)),
    "m5": Plan(128, ((128, 1), (256, 1), (512, 1))),
    "m11": Plan(64, ((64, 2), (128, 2), (256, 3), (512, 2))),
    "m18": Plan(64, ((64, 4), (128, 4), (256, 4), (512, 4))),
    "m34_res": Plan(48, ((48, 3), (96, 4), (192, 6), (384, 3)), residual=True),
}
"""Table 1 of the paper."""


class Residual(nn.Module):
    """Two convolutions of 3 with a shortcut past them (He et al. 2016, CVPR).

    Where the channels double, the shortcut carries the input twice, so that it has no weights.
    """

    def __init__(self, before: int, width: int) -> None:
        super().__init__()
        self.copies = width // before
        self.branch = nn.Sequential(
            *_convolution(before, width), nn.ReLU(), *_convolution(width, width)
        )

    def forward(self, planes: Tensor) -> Tensor:
        """Map ``(clips, before, 1, steps)`` to ``(clips, width, 1, steps)``."""
        shortcut = torch.cat([planes] * self.copies, dim=1)
        return torch.relu(self.branch(planes) + shortcut)


class VeryDeep(nn.Module):
    """Small convolutions over a waveform, a mean over time, and one layer to the classes.

    From 8 kHz signals, n samples long: convolution of 80 (10 ms), every 4 samples, n/4 steps →
    max-pooling by 4, n/16 → groups of convolutions of 3 over as many or twice as many channels,
    each group max-pooled by 4 (n/64, n/256, n/1024) but a fifth one → mean over time → logits.
    Batch normalisation and ReLU follow each convolution. So for M5 a clip of 32,000 samples is
    128 × 8000, 128 × 2000, 128 × 500, 256 × 125, 512 × 31 and 512.

    From Dai, Dai, Qu, Li & Das (2017, ICASSP), "Very deep convolutional neural networks for raw
    waveforms", table 1; there signals have zero mean and unit variance, and the training is Adam's
    with a weight decay of 1e-4. Time is computed as the width of images one pixel high, as in
    `serflow.networks.cnn1d`.

    Parameters
    ----------
    n_classes
        Number of logits.
    input_shape
        ``(samples,)``.
    plan
        A key of `PLANS`.
    """

    def __init__(self, n_classes: int, input_shape: tuple[int, ...], plan: str = "m5") -> None:
        super().__init__()
        if plan not in PLANS:
            raise UserError(f"there is no network {plan!r}; choose one of {', '.join(PLANS)}")
        first, groups, residual = PLANS[plan]
        # Padded so that n samples give n // 4 steps.
        edge = (FIRST_KERNEL - FIRST_STRIDE) // 2
        layers: list[nn.Module] = [
            nn.Conv2d(1, first, (1, FIRST_KERNEL), (1, FIRST_STRIDE), (0, edge), bias=False),
            nn.BatchNorm2d(first),
            # ReLU keeps order, so pooling first gives the same numbers with a quarter of them.
            nn.MaxPool2d((1, POOL)),
            nn.ReLU(),
        ]
        before = first
        for i, (width, depth) in enumerate(groups, start=1):
            for _ in range(depth):
                if residual:
                    layers.append(Residual(before, width))
                else:
                    layers += [*_convolution(before, width), nn.ReLU()]
                before = width
            if i < POOLINGS:
                layers.append(nn.MaxPool2d((1, POOL)))
        remedy = "take a less deep one, longer clips or a higher `rate`"
        self.layers = stack(plan, input_shape, layers, remedy)
        self.output = nn.Linear(before, n_classes)
        glorot(self)

    def forward(self, signals: Tensor) -> Tensor:
        """Map signals ``(clips, samples)`` to logits ``(clips, n_classes)``."""
        steps = self.layers(signals[:, None, None, :])
        logits: Tensor = self.output(steps.mean(dim=(2, 3)))
        return logits


def _convolution(before: int, width: int) -> list[nn.Module]:
    """Convolution of 3 steps that keeps their number, and batch normalisation."""
    return [
        nn.Conv2d(before, width, (1, KERNEL), padding=(0, KERNEL // 2), bias=False),
        nn.BatchNorm2d(width),
    ]
