"""The zoo: what a training step of each network family costs, and its weights.

Every family of the schema's defaults on clips of 3 s, four classes, one core. Values of the clips
have no part in the time, so they are noise.
"""

from __future__ import annotations

import statistics
from typing import Any

import torch
from common import Options, Row, processor_ms
from torch import nn

from serflow import model_list, network_inputs
from serflow.configuration import complete
from serflow.networks import registry
from serflow.sound.frames import frame_count, hop_length

SECONDS = 3
CLASSES = 4
CLIPS = 32
STEPS = 3


def measure(options: Options) -> list[Row]:
    """Measure all families, one after the other, each with a step before that is not counted."""
    models = {family: {"family": family} for family in registry.FAMILIES}
    config = complete({"corpus": {"name": "zoo", "adapter": "demo"}, "models": models})
    torch.set_num_threads(1)
    return [cost(settings) for settings in model_list.expand(config["models"]).values()]


def cost(settings: dict[str, Any]) -> Row:
    """Measure forward and backward pass of a batch, without the optimiser."""
    torch.manual_seed(0)
    shape = clip_shape(settings)
    module = registry.build(settings, CLASSES, shape)
    clips, truth = torch.randn(CLIPS, *shape), torch.arange(CLIPS) % CLASSES

    def step() -> None:
        module.zero_grad()
        nn.functional.cross_entropy(module(clips), truth).backward()

    times = [processor_ms(step) / CLIPS for _ in range(1 + STEPS)][1:]
    weights = sum(values.numel() for values in module.parameters())
    return Row(
        "zoo",
        f"{settings['family']}: forward and backward",
        "ms/clip, core",
        statistics.median(times),
        note=f"{weights:,} weights; {network_inputs.describe(settings)}, "
        f"{' × '.join(map(str, shape))}; median of {STEPS} batches of {CLIPS}, "
        f"{min(times):.2f} to {max(times):.2f}",
    )


def clip_shape(settings: dict[str, Any]) -> tuple[int, ...]:
    """Return the shape of a clip of `SECONDS` as the network gets it."""
    kind = network_inputs.kind(settings)
    if kind == "image":
        return tuple(settings["size"])
    samples = settings["rate"] * SECONDS
    if kind == "signal":
        return (samples,)
    if kind == "stft":
        rows, hop = 1 + settings["n_fft"] // 2, settings["hop_length"]
    else:
        rows = settings["n_mels"] if kind == "log_mel" else 2 * settings["n_mfcc"]
        hop = hop_length(settings["rate"], settings["hop_seconds"])
    return rows, frame_count(samples, settings["n_fft"], hop)
