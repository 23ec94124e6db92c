"""The generative adversarial network, its training, and the classifier that starts from it."""

from __future__ import annotations

import io
import math

import pytest
import torch
from torch import Tensor

from serflow.errors import UserError
from serflow.networks.gan import GANCNN2D, Discriminator, Generator
from serflow.networks.gan_training import CURVE, GANTraining, train

SHAPE = (21, 13)
CHANNELS = (3, 4)


def noise_images(count: int) -> Tensor:
    return torch.rand(count, *SHAPE, generator=torch.Generator().manual_seed(5)) * 2 - 1


def fresh(seed: int = 0) -> GANTraining:
    return GANTraining(SHAPE, CHANNELS, latent=5, seed=seed)


@pytest.mark.parametrize("shape", [(21, 13), (16, 32), (150, 50), (8, 9)])
def test_generated_images_have_any_shape_and_stay_in_range(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    images = Generator(shape, CHANNELS, latent=5)(100 * torch.randn(3, 5))
    assert images.shape == (3, *shape)
    assert images.abs().max().item() <= 1
    assert Discriminator(shape, CHANNELS)(images).shape == (3,)


def test_too_small_images_are_told() -> None:
    with pytest.raises(UserError, match=r"gan_cnn2d with 3 entries.*8 × 8 points and got 7 × 20"):
        Discriminator((7, 20), (3, 4, 5))
    with pytest.raises(UserError, match="larger `size`"):
        GANCNN2D(2, (7, 20), (3, 4, 5))


def test_a_classifier_starts_from_the_discriminator_s_convolutions() -> None:
    training = fresh()
    train(training, noise_images(6), epochs=2, batch_size=3)
    classifier = GANCNN2D(4, SHAPE, CHANNELS).eval()
    discriminator, images = training.discriminator.eval(), noise_images(2)
    planes = images[:, None]
    assert not torch.equal(classifier.features(planes), discriminator.features(planes))
    head = classifier.head[2].weight.clone()
    classifier.start_from(discriminator)
    assert torch.equal(classifier.features(planes), discriminator.features(planes))
    assert torch.equal(classifier.head[2].weight, head)
    # A copy: training the one leaves the other.
    classifier.features[0].weight.data.zero_()
    assert bool(discriminator.features[0].weight.any())


def test_a_discriminator_of_other_sizes_is_refused() -> None:
    with pytest.raises(RuntimeError, match="size mismatch"):
        GANCNN2D(4, SHAPE, (3, 5)).start_from(Discriminator(SHAPE, CHANNELS))


def test_training_tells_finite_losses_of_each_epoch() -> None:
    rows: list[dict[str, float]] = []
    train(fresh(), noise_images(7), epochs=3, batch_size=3, on_epoch=rows.append)
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert all(tuple(row) == CURVE for row in rows)
    assert all(math.isfinite(row[key]) and row[key] > 0 for row in rows for key in CURVE[1:])


def test_a_stopped_training_goes_on_bit_for_bit() -> None:
    images = noise_images(7)
    whole, rows = fresh(), []
    train(whole, images, epochs=4, batch_size=3, on_epoch=rows.append)

    begun, file, later = fresh(), io.BytesIO(), []
    train(begun, images, epochs=2, batch_size=3)
    torch.save(begun.state_dict(), file)
    file.seek(0)
    resumed = fresh(seed=99)
    resumed.load_state_dict(torch.load(file, weights_only=True))
    train(resumed, images, epochs=4, batch_size=3, on_epoch=later.append)

    assert later == rows[2:]
    for ours, theirs in (
        (resumed.generator, whole.generator),
        (resumed.discriminator, whole.discriminator),
    ):
        for name, value in theirs.state_dict().items():
            assert torch.equal(ours.state_dict()[name], value), name


def test_the_seed_alone_decides() -> None:
    curves = []
    for seed, global_seed in ((1, 10), (1, 20), (2, 10)):
        torch.manual_seed(global_seed)
        rows: list[dict[str, float]] = []
        training = fresh(seed)
        train(training, noise_images(6), epochs=2, batch_size=3, on_epoch=rows.append)
        curves.append((rows, training.sample(2).tolist()))
    assert curves[0] == curves[1]
    assert curves[0] != curves[2]


def test_samples_repeat_and_leave_the_training_alone() -> None:
    one, other = fresh(), fresh()
    train(one, noise_images(6), epochs=1, batch_size=3)
    train(other, noise_images(6), epochs=1, batch_size=3)
    first = one.sample(4)
    assert first.shape == (4, *SHAPE)
    assert torch.equal(one.sample(4), first)
    assert not torch.equal(one.sample(4, seed=1), first)
    train(one, noise_images(6), epochs=2, batch_size=3)
    train(other, noise_images(6), epochs=2, batch_size=3)
    assert torch.equal(one.sample(4), other.sample(4))


@pytest.mark.parametrize("grey", [0.8, -0.8])
def test_the_generator_learns_what_it_is_shown(grey: float) -> None:
    training = GANTraining((8, 8), (8, 16), latent=4)
    assert abs(training.sample(8).mean().item()) < 0.1
    train(training, torch.full((16, 8, 8), grey), epochs=100, batch_size=8)
    assert float(training.sample(8).mean()) / grey > 0.25


def test_fewer_images_than_a_batch_are_one_batch_and_one_is_too_few() -> None:
    training = fresh()
    train(training, noise_images(2), epochs=1, batch_size=64)
    assert training.epochs == 1
    with pytest.raises(UserError, match="at least 2 images and got 1"):
        train(training, noise_images(1), epochs=2)
