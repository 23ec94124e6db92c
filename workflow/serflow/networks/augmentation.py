"""Augmentations of training batches.

Every augmentation takes a float32 batch of raw values (images 0…255, signals in 16-bit steps,
spectrograms in dB) and a generator on the batch's device, draws afresh for each clip, and gives a
batch of the same shape. They are applied before normalisation and to training batches only.

Draws and clips stay on the device, and a batch is done at once: torchvision's functions take one
draw for all images, from the CPU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

from serflow.errors import UserError
from serflow.network_inputs import SOUND

Augmentation = Callable[[Tensor, Generator], Tensor]

CROP = 0.85
"""Smallest height and width of a crop, as a share of the image's."""
ROTATION = 10.0
"""Largest angle, degrees, either way."""
SPECTROGRAM_SHIFT = 0.2
"""Largest shift in time of an image or spectrogram, as a share of its width, either way."""
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
    """One draw per clip, shaped to broadcast over the batch."""
    draws = torch.empty(len(batch), device=batch.device).uniform_(low, high, generator=generator)
    return draws.view(-1, *[1] * (batch.ndim - 1))


def _normal(batch: Tensor, generator: Generator) -> Tensor:
    """Standard normal noise of the batch's shape."""
    return torch.randn(batch.shape, generator=generator, device=batch.device)


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


def _sampled(batch: Tensor, grid: Tensor) -> Tensor:
    """Read images at the places of a grid, (right, down) in [−1, 1]; bilinear, black outside."""
    sampled: Tensor = grid_sample(batch.unsqueeze(1), grid, align_corners=False)
    return sampled.squeeze(1)


def crop(batch: Tensor, generator: Generator) -> Tensor:
    """Cut a random window from each image and resize it to the image's size."""
    draws = torch.rand((len(batch), 3), generator=generator, device=batch.device)
    share, top, left = draws.T.unsqueeze(2).unbind()

    def window(length: int, place: Tensor) -> Tensor:
        size = ((CROP + (1 - CROP) * share) * length).round()
        first = (place * (length - size)).round()
        pixels = (torch.arange(length, device=batch.device) + 0.5) * (size / length)
        # Half a pixel from its edges, so that nothing from outside the window shows.
        return (first + pixels.clamp(min=0.5).minimum(size - 0.5)) * (2 / length) - 1

    height, width = batch.shape[1:]
    down = window(height, top).unsqueeze(2).expand(batch.shape)
    right = window(width, left).unsqueeze(1).expand(batch.shape)
    return _sampled(batch, torch.stack([right, down], dim=3))


def horizontal_flip(batch: Tensor, generator: Generator) -> Tensor:
    """Reverse time in a random half of the images."""
    return _half(batch, batch.flip(2), generator)


def vertical_flip(batch: Tensor, generator: Generator) -> Tensor:
    """Turn the frequency axis over in a random half of the images."""
    return _half(batch, batch.flip(1), generator)


def rotation(batch: Tensor, generator: Generator) -> Tensor:
    """Rotate each image; what comes in from outside is black, as beyond a clip's end."""
    angle = torch.deg2rad(_uniform(batch, -ROTATION, ROTATION, generator)).flatten()
    height, width = batch.shape[1:]
    # In units of the grid, in which width and height are both 2.
    cos, right, down = angle.cos(), -angle.sin() * (height / width), angle.sin() * (width / height)
    none = torch.zeros_like(angle)
    turn = torch.stack([cos, right, none, down, cos, none], dim=1).view(-1, 2, 3)
    return _sampled(batch, affine_grid(turn, [len(batch), 1, height, width], align_corners=False))


def spectrogram_time_shift(batch: Tensor, generator: Generator) -> Tensor:
    """Shift each image or spectrogram cyclically in time."""
    return _roll(batch, SPECTROGRAM_SHIFT, generator)


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


def spectrogram_gain(batch: Tensor, generator: Generator) -> Tensor:
    """Raise or lower each spectrogram in decibels; undone by the normalisation ``clip``."""
    return batch + _uniform(batch, -GAIN, GAIN, generator)


def signal_noise(batch: Tensor, generator: Generator) -> Tensor:
    """Add white noise to each signal, at a random signal-to-noise ratio."""
    level = batch.square().mean(dim=1, keepdim=True).sqrt()
    return batch + level * 10 ** (-_uniform(batch, *SNR, generator) / 20) * _normal(
        batch, generator
    )


_FRAMES: dict[str, Augmentation] = {"time_shift": spectrogram_time_shift, "time_mask": time_mask}
_BANDS: dict[str, Augmentation] = {
    **_FRAMES,
    "frequency_mask": frequency_mask,
    "masks": masks,
    "gain": spectrogram_gain,
}
AUGMENTATIONS: dict[str, dict[str, Augmentation]] = {
    "signal": {"time_shift": signal_time_shift, "gain": gain, "noise": signal_noise},
    "image": {
        "crop": crop,
        "horizontal_flip": horizontal_flip,
        "vertical_flip": vertical_flip,
        "rotation": rotation,
        "time_shift": spectrogram_time_shift,
        "time_mask": time_mask,
        "frequency_mask": frequency_mask,
        "masks": masks,
        "noise": image_noise,
    },
    "stft": _BANDS,
    "log_mel": _BANDS,
    "mfcc": _FRAMES,
}
"""Kind of input (`serflow.network_inputs.kind`) → name → augmentation."""


def parse(name: str, kind: str) -> list[Augmentation]:
    """Return the augmentations of a name.

    Parameters
    ----------
    name
        ``"none"``, one name, or several joined by ``+``, applied in that order. Names that begin
        with ``sound_`` were applied to the sound before it became the network's input.
    kind
        A key of `AUGMENTATIONS`.

    Raises
    ------
    UserError
        If a name is unknown for the kind, or empty.
    """
    known = AUGMENTATIONS[kind]
    parts = [part for part in name.split("+") if part != "none" and not part.startswith(SOUND)]
    for part in parts:
        if part not in known:
            raise UserError(
                f"augmentation {name!r}: a network that reads {kind} has no {part!r}; choose none "
                f"or any of {', '.join(known)}, joined by +"
            )
    return [known[part] for part in parts]


def augment(batch: Tensor, steps: Sequence[Augmentation], generator: Generator) -> Tensor:
    """Apply `steps` one after the other."""
    for step in steps:
        batch = step(batch, generator)
    return batch
