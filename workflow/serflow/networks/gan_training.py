"""Training of a generative adversarial network on unlabelled images; it can stop and go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from serflow.errors import UserError
from serflow.networks.gan import Discriminator, Generator

LEARNING_RATE = 2e-4
BETAS = (0.5, 0.999)
FIRST_DEVIATION = 0.02
"""As DCGAN's authors have them."""
CURVE = ("epoch", "discriminator_loss", "generator_loss")
"""Columns of a row of the learning curve."""


class Images(Protocol):
    """Images ``(clips, height, width)`` within [−1, 1]: a tensor, or what gives some by index."""

    def __len__(self) -> int: ...

    def __getitem__(self, chosen: Tensor, /) -> Tensor: ...


class GANTraining:
    """Both networks, their optimisers and the state of the draws: all that an epoch depends on.

    Parameters
    ----------
    shape
        ``(height, width)`` of an image in pixels.
    channels
        Output channels of the discriminator's convolutions, in order.
    latent
        Length of the generator's noise.
    seed
        Of the first weights, the order of the images and the noise; torch's global seed has no
        part in any.
    device
        Where the networks are trained.

    Attributes
    ----------
    generator, discriminator
        The networks.
    epochs
        Number of epochs trained so far.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        channels: tuple[int, ...] = (16, 32, 64, 128),
        latent: int = 64,
        seed: int = 0,
        device: torch.device | str = "cpu",
    ) -> None:
        self.device = torch.device(device)
        self.epochs = 0
        # On the CPU, so that every device sees the same draws.
        self._draws = torch.Generator().manual_seed(seed)
        self.generator = Generator(shape, channels, latent)
        self.discriminator = Discriminator(shape, channels)
        self._optimizers = []
        for network in (self.generator, self.discriminator):
            _draw_weights(network, self._draws)
            network.to(self.device)
            self._optimizers.append(
                torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, betas=BETAS)
            )

    def epoch(self, images: Images, batch_size: int) -> dict[str, Any]:
        """Show every image once, but those that no longer fill a batch.

        Parameters
        ----------
        images
            ``(clips, height, width)`` within [−1, 1]; at least two.
        batch_size
            Number of images a step.

        Returns
        -------
        dict
            A row of the learning curve, keys `CURVE`: mean losses over the steps.
        """
        if len(images) < 2:
            raise UserError(f"a GAN needs at least 2 images and got {len(images)}; add clips")
        size = min(batch_size, len(images))
        order = torch.randperm(len(images), generator=self._draws)
        steps = order[: len(images) // size * size].view(-1, size)
        self.generator.train()
        self.discriminator.train()
        losses = torch.stack([self._step(images[chosen].to(self.device)) for chosen in steps])
        self.epochs += 1
        return dict(zip(CURVE, (self.epochs, *losses.mean(dim=0).tolist()), strict=True))

    def sample(self, count: int, seed: int = 0) -> Tensor:
        """Make images ``(count, height, width)`` within [−1, 1]; a seed always gives the same."""
        draws = torch.Generator().manual_seed(seed)
        noise = torch.randn(count, self.generator.latent, generator=draws)
        self.generator.eval()
        with torch.inference_mode():
            images: Tensor = self.generator(noise.to(self.device)).cpu()
        return images

    def state_dict(self) -> dict[str, Any]:
        """Return all that `load_state_dict` needs to go on; tensors, numbers, lists and dicts."""
        return {
            "epochs": self.epochs,
            "draws": self._draws.get_state(),
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken, bit for bit on one CPU."""
        self.epochs = state["epochs"]
        self._draws.set_state(state["draws"])
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)

    def _step(self, recorded: Tensor) -> Tensor:
        """Take one step with each network and return the discriminator's and generator's loss."""
        noise = torch.randn(len(recorded), self.generator.latent, generator=self._draws)
        generated = self.generator(noise.to(self.device))
        of_generator, of_discriminator = self._optimizers

        # Recorded and generated images apart: batch normalisation would tell them by their mix.
        loss = _loss(self.discriminator(recorded), 1.0) + _loss(
            self.discriminator(generated.detach()), 0.0
        )
        of_discriminator.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        of_discriminator.step()

        # Gradients of its weights would be thrown away.
        self.discriminator.requires_grad_(False)
        adverse = _loss(self.discriminator(generated), 1.0)
        of_generator.zero_grad()
        adverse.backward()  # type: ignore[no-untyped-call]
        of_generator.step()
        self.discriminator.requires_grad_(True)
        return torch.stack([loss.detach(), adverse.detach()])


def train(
    training: GANTraining,
    images: Images,
    epochs: int,
    batch_size: int = 64,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Train until `epochs` epochs are done, those of an earlier, resumed training included.

    Parameters
    ----------
    training
        The networks, fresh or resumed.
    images
        ``(clips, height, width)`` within [−1, 1], of training speakers only; no labels are used.
    epochs
        Number of epochs in all.
    batch_size
        Number of images a step.
    on_epoch
        Called after each epoch with a row of the learning curve, keys `CURVE`; the place to save
        ``training.state_dict()``.
    """
    while training.epochs < epochs:
        row = training.epoch(images, batch_size)
        if on_epoch:
            on_epoch(row)


def _loss(logits: Tensor, truth: float) -> Tensor:
    """Cross-entropy of the logits with all images recorded (1) or all generated (0)."""
    return nn.functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, truth))


def _draw_weights(network: nn.Module, draws: torch.Generator) -> None:
    """Draw first weights as DCGAN has them: deviation 0.02, around 1 in batch normalisation."""
    for part in network.modules():
        if isinstance(part, nn.Linear | nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
            mean = 1.0 if isinstance(part, nn.BatchNorm2d) else 0.0
            nn.init.normal_(part.weight, mean, FIRST_DEVIATION, generator=draws)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
