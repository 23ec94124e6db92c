"""Augmentations of training batches: images by torchvision where it has them, signals by own code.

Every augmentation takes a float32 batch of raw values (images 0…255, signals in 16-bit steps) and a
CPU generator, draws afresh for each clip, and gives a batch of the same shape.  They are applied
before normalisation and to training batches only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

from serflow.errors import UserError
from serflow.networks.vision import functional

Augmentation = Callable[[Tensor, Generator], Tensor]

CROP = 0.85
"""Smallest height and width of a crop, as a share of the image's."""
ROTATION = 10.0
"""Largest angle, degrees, either way."""
IMAGE_SHIFT = 0.2
"""Largest shift in time of an image, as a share of its width, either way."""
MASK = 0.2
"""Largest width of a mask, as a share of the image's side (SpecAugment, Park et al. 2019)."""
IMAGE_NOISE = 12.75
"""Standard deviation of an image's noise, in grey levels: a twentieth of the range."""
SIGNAL_SHIFT = 0.1
"""Largest shift of a signal, as a share of its length, either way."""
GAIN = 6.0
"""Largest gain of a signal, dB, either way."""
SNR = (10.0, 30.0)
"""Range of a signal's signal-to-noise ratio, dB."""


def _uniform(batch: Tensor, low: float, high: float, generator: Generator) -> Tensor:
    """One draw per clip, on the batch's device, shaped to broadcast over it."""
    draws = torch.empty(len(batch)).uniform_(low, high, generator=generator)
    return draws.to(batch.device).view(-1, *[1] * (batch.ndim - 1))


def _normal(batch: Tensor, generator: Generator) -> Tensor:
    """Standard normal noise of the batch's shape and device, drawn on the CPU."""
    return torch.randn(batch.shape, generator=generator).to(batch.device)


def _roll(batch: Tensor, share: float, generator: Generator) -> Tensor:
    """Shift each clip cyclically along its last axis by at most `share` of its length."""
    length = batch.shape[-1]
    shifts = (_uniform(batch, -share, share, generator) * length).round().long()
    source = (torch.arange(length, device=batch.device) - shifts) % length
    return batch.gather(-1, source.expand(batch.shape))


def _mask(batch: Tensor, axis: int, generator: Generator) -> Tensor:
    """Overwrite one stretch of each image along `axis` with the image's mean."""
    length = batch.shape[axis]
    width = _uniform(batch, 0, MASK, generator) * length
    start = _uniform(batch, 0, 1, generator) * (length - width)
    shape = [1, 1, 1]
    shape[axis] = length
    middle = torch.arange(length, device=batch.device).view(shape) + 0.5
    inside = (middle >= start) & (middle < start + width)
    return torch.where(inside, batch.mean(dim=(1, 2), keepdim=True), batch)


def _half(batch: Tensor, changed: Tensor, generator: Generator) -> Tensor:
    """Take `changed` for a random half of the clips."""
    return torch.where(_uniform(batch, 0, 1, generator) < 0.5, changed, batch)


def crop(batch: Tensor, generator: Generator) -> Tensor:
    """Cut a random window from each image and resize it to the image's size."""
    height, width = batch.shape[1:]
    windows = []
    for image in batch:
        share, top, left = torch.rand(3, generator=generator).tolist()
        share = CROP + (1 - CROP) * share
        h, w = round(share * height), round(share * width)
        place = (round(top * (height - h)), round(left * (width - w)))
        windows.append(functional.resized_crop(image[None], *place, h, w, [height, width]))
    return torch.cat(windows)


def horizontal_flip(batch: Tensor, generator: Generator) -> Tensor:
    """Reverse time in a random half of the images."""
    return _half(batch, functional.hflip(batch), generator)


def vertical_flip(batch: Tensor, generator: Generator) -> Tensor:
    """Turn the frequency axis over in a random half of the images."""
    return _half(batch, functional.vflip(batch), generator)


def rotation(batch: Tensor, generator: Generator) -> Tensor:
    """Rotate each image; what comes in from outside is black, as beyond a clip's end."""
    angles = _uniform(batch, -ROTATION, ROTATION, generator).flatten().tolist()
    bilinear = functional.InterpolationMode.BILINEAR
    turned = [
        functional.rotate(image[None], angle, interpolation=bilinear)
        for image, angle in zip(batch, angles, strict=True)
    ]
    return torch.cat(turned)


def image_time_shift(batch: Tensor, generator: Generator) -> Tensor:
    """Shift each image cyclically in time."""
    return _roll(batch, IMAGE_SHIFT, generator)


def time_mask(batch: Tensor, generator: Generator) -> Tensor:
    """Overwrite a random stretch of columns of each image with its mean."""
    return _mask(batch, 2, generator)


def frequency_mask(batch: Tensor, generator: Generator) -> Tensor:
    """Overwrite a random stretch of rows of each image with its mean."""
    return _mask(batch, 1, generator)


def masks(batch: Tensor, generator: Generator) -> Tensor:
    """Mask each image in time and in frequency."""
    return frequency_mask(time_mask(batch, generator), generator)


def image_noise(batch: Tensor, generator: Generator) -> Tensor:
    """Add white noise to each image."""
    return batch + IMAGE_NOISE * _normal(batch, generator)


def signal_time_shift(batch: Tensor, generator: Generator) -> Tensor:
    """Shift each signal cyclically in time."""
    return _roll(batch, SIGNAL_SHIFT, generator)


def gain(batch: Tensor, generator: Generator) -> Tensor:
    """Amplify or attenuate each signal; undone by the normalisations ``clip`` and ``rms``."""
    return batch * 10 ** (_uniform(batch, -GAIN, GAIN, generator) / 20)


def signal_noise(batch: Tensor, generator: Generator) -> Tensor:
    """Add white noise to each signal, at a random signal-to-noise ratio."""
    level = batch.square().mean(dim=1, keepdim=True).sqrt()
    return batch + level * 10 ** (-_uniform(batch, *SNR, generator) / 20) * _normal(
        batch, generator
    )


AUGMENTATIONS: dict[str, dict[str, Augmentation]] = {
    "cnn1d": {"time_shift": signal_time_shift, "gain": gain, "noise": signal_noise},
    "cnn2d": {
        "crop": crop,
        "horizontal_flip": horizontal_flip,
        "vertical_flip": vertical_flip,
        "rotation": rotation,
        "time_shift": image_time_shift,
        "time_mask": time_mask,
        "frequency_mask": frequency_mask,
        "masks": masks,
        "noise": image_noise,
    },
}
"""Network family → name → augmentation."""


def parse(name: str, family: str) -> list[Augmentation]:
    """Return the augmentations of a name.

    Parameters
    ----------
    name
        ``"none"``, one name, or several joined by ``+``, applied in that order.
    family
        ``"cnn1d"``, signals ``(clips, samples)``, or ``"cnn2d"``, images
        ``(clips, height, width)``.

    Raises
    ------
    UserError
        If a name is unknown for the family, or empty.
    """
    if name == "none":
        return []
    known = AUGMENTATIONS[family]
    for part in name.split("+"):
        if part not in known:
            raise UserError(
                f"augmentation {name!r}: {family} has no {part!r}; choose none or any of "
                f"{', '.join(known)}, joined by +"
            )
    return [known[part] for part in name.split("+")]


def augment(batch: Tensor, steps: Sequence[Augmentation], generator: Generator) -> Tensor:
    """Apply `steps` one after the other."""
    for step in steps:
        batch = step(batch, generator)
    return batch
