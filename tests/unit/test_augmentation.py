"""Augmentations of training batches."""

from __future__ import annotations

import math

import pytest
import torch

from serflow.errors import UserError
from serflow.networks.augmentation import (
    AUGMENTATIONS,
    CROP,
    GAIN,
    MASK,
    ROTATION,
    SIGNAL_SHIFT,
    SNR,
    augment,
    crop,
    gain,
    parse,
    rotation,
)
from serflow.networks.vision import functional

IMAGES = torch.arange(4 * 20 * 10, dtype=torch.float32).view(4, 20, 10) % 251
SIGNALS = torch.sin(torch.arange(4 * 1000, dtype=torch.float32)).view(4, 1000) * 3000
DECIBELS = IMAGES / 3 - 80
BATCHES = {
    "signal": SIGNALS,
    "image": IMAGES,
    **dict.fromkeys(("stft", "log_mel", "mfcc"), DECIBELS),
}
ALL = [(kind, name) for kind, known in AUGMENTATIONS.items() for name in known]


def draws(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def many(kind: str, name: str, batch: torch.Tensor, rounds: int = 50) -> torch.Tensor:
    """Results of many draws, one clip after the other."""
    generator = draws(0)
    steps = parse(name, kind)
    return torch.cat([augment(batch.clone(), steps, generator) for _ in range(rounds)])


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_shape_stays_and_seed_decides(kind: str, name: str) -> None:
    batch, steps = BATCHES[kind], parse(name, kind)
    first = augment(batch.clone(), steps, draws(1))
    assert first.shape == batch.shape
    assert first.dtype == torch.float32
    assert bool(first.isfinite().all())
    assert torch.equal(first, augment(batch.clone(), steps, draws(1)))
    assert any(not torch.equal(first, augment(batch.clone(), steps, draws(s))) for s in range(2, 9))


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_clips_of_a_batch_get_draws_of_their_own(kind: str, name: str) -> None:
    same = BATCHES[kind][:1].expand(16, *BATCHES[kind].shape[1:]).clone()
    changed = augment(same, parse(name, kind), draws(3))
    assert len({clip.numpy().tobytes() for clip in changed}) > 1


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_batch_given_is_not_written_to(kind: str, name: str) -> None:
    batch = BATCHES[kind].clone()
    augment(batch, parse(name, kind), draws(1))
    assert torch.equal(batch, BATCHES[kind])


@pytest.mark.parametrize(("name", "axis"), [("horizontal_flip", 2), ("vertical_flip", 1)])
def test_flips_are_the_image_or_its_mirror(name: str, axis: int) -> None:
    image = IMAGES[:1]
    results = many("image", name, image, 100)
    same = (results == image).all(dim=(1, 2))
    mirrored = (results == image.flip(axis)).all(dim=(1, 2))
    assert bool((same ^ mirrored).all())
    assert 30 < int(same.sum()) < 70


def test_time_shift_is_cyclic_and_bounded() -> None:
    ramp = torch.arange(200, dtype=torch.float32)[None]
    firsts = set()
    for shifted in many("signal", "time_shift", ramp, 200):
        shift = int(shifted[0])
        assert torch.equal(shifted, torch.roll(ramp[0], -shift))
        firsts.add(shift)
    most = SIGNAL_SHIFT * 200
    assert all(shift <= most or shift >= 200 - most for shift in firsts)
    assert len(firsts) > 20


@pytest.mark.parametrize(("name", "axis"), [("time_mask", 1), ("frequency_mask", 0)])
def test_mask_covers_one_short_stretch_with_the_mean(name: str, axis: int) -> None:
    image = IMAGES[:1] ** 1.5
    side = image.shape[axis + 1]
    widths = set()
    for masked in many("image", name, image):
        lines = (masked != image[0]).any(dim=1 - axis)
        where = torch.nonzero(lines).flatten()
        widths.add(len(where))
        if len(where):
            assert int(where[-1] - where[0]) + 1 == len(where)
            assert torch.allclose(masked.select(axis, int(where[0])), image.mean())
    assert max(widths) <= math.ceil(MASK * side)
    assert len(widths) > 1


def test_masks_are_both_masks() -> None:
    masked = many("image", "masks", IMAGES[:1] ** 1.5)
    changed = masked != IMAGES[:1] ** 1.5
    rows, columns = changed.all(dim=2).any(dim=1), changed.all(dim=1).any(dim=1)
    assert bool((rows & columns).any())


def test_rotation_is_torchvisions_with_an_angle_for_each_image() -> None:
    angles = torch.empty(4).uniform_(-ROTATION, ROTATION, generator=draws(5)).tolist()
    bilinear = functional.InterpolationMode.BILINEAR
    turned = [
        functional.rotate(image[None], angle, interpolation=bilinear)
        for image, angle in zip(IMAGES, angles, strict=True)
    ]
    assert torch.allclose(rotation(IMAGES, draws(5)), torch.cat(turned), atol=0.02)


def test_crop_is_torchvisions_with_a_window_for_each_image() -> None:
    height, width = IMAGES.shape[1:]
    windows = []
    for image, (share, top, left) in zip(IMAGES, torch.rand(4, 3, generator=draws(5)), strict=True):
        h, w = (round(float(CROP + (1 - CROP) * share) * side) for side in (height, width))
        place = round(float(top) * (height - h)), round(float(left) * (width - w))
        windows.append(functional.resized_crop(image[None], *place, h, w, [height, width]))
    assert torch.allclose(crop(IMAGES, draws(5)), torch.cat(windows), atol=0.02)


def test_crop_of_a_constant_image_changes_nothing() -> None:
    flat = torch.full((3, 30, 20), 77.0)
    assert torch.allclose(many("image", "crop", flat, 3), torch.tensor(77.0))


def test_gain_multiplies_by_at_most_its_range() -> None:
    ratio = many("signal", "gain", SIGNALS[:1]) / SIGNALS[:1]
    ratio = ratio[:, 1:]
    decibel = 20 * ratio.mean(dim=1).log10()
    assert torch.allclose(ratio, ratio.mean(dim=1, keepdim=True), rtol=1e-4)
    assert float(decibel.abs().max()) <= GAIN
    assert float(decibel.max() - decibel.min()) > GAIN


def test_gain_of_a_spectrogram_adds_at_most_its_range() -> None:
    raised = many("log_mel", "gain", DECIBELS[:1]) - DECIBELS[:1]
    first = raised[:, :1, :1]
    torch.testing.assert_close(raised, first.expand(raised.shape), atol=1e-4, rtol=0)
    assert float(first.abs().max()) <= GAIN
    assert float(first.max() - first.min()) > GAIN


def test_signal_noise_has_the_ratio_it_says() -> None:
    noise = many("signal", "noise", SIGNALS[:1]) - SIGNALS[:1]
    level = SIGNALS[0].square().mean()
    ratio = 10 * (level / noise.square().mean(dim=1)).log10()
    assert SNR[0] - 0.5 < float(ratio.min())
    assert float(ratio.max()) < SNR[1] + 0.5


def test_combination_applies_in_the_order_written() -> None:
    steps = parse("gain+time_shift", "signal")
    assert steps[0] is gain
    assert steps == [AUGMENTATIONS["signal"][name] for name in ("gain", "time_shift")]
    assert parse("none", "image") == []


def test_what_was_done_to_the_sound_is_not_done_again() -> None:
    assert parse("sound_gain+time_shift", "mfcc") == [AUGMENTATIONS["mfcc"]["time_shift"]]
    assert parse("sound_pitch_shift", "signal") == []


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [("mirror", "image", "mirror"), ("crop", "signal", "crop"), ("crop+", "image", "''")],
)
def test_unknown_names_are_told_with_the_known_ones(name: str, kind: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as error:
        parse(name, kind)
    assert "noise" in str(error.value)
