"""What in a clip spoke for a network's answer: integrated gradients.

Sundararajan, Taly & Yan (2017, ICML): the gradient of the answer by the input, averaged along the
straight way from an input that says nothing to the clip, times the difference of both. One way for
every network, whatever it is built of, and it adds up: the attributions of all points of a clip
give the difference of the answers (their axiom of completeness).

The answer explained is how far the output of one label leads that of another. The output of a label
alone may rise with anything that is heard, as the others' do: nothing is decided by that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from captum.attr import IntegratedGradients
from numpy.typing import NDArray
from scipy.stats import rankdata
from torch import Tensor, nn

from serflow import network_inputs
from serflow.errors import UserError
from serflow.networks import normalisation, registry
from serflow.networks.modelfile import Network

STEPS = 48
"""Points on the way, of Gauss and Legendre's rule."""
AT_ONCE = 32
OTHER_WEIGHTS = 20181203
"""Seed of an untrained network: hardly one that a training began with, whose traces may remain."""
BY_VALUE = ("image", "offset", "training", "bands")
"""Normalisations that change each value by itself, whatever else the clip holds."""


@dataclass(frozen=True)
class Attributions:
    """Attributions of some clips.

    Attributes
    ----------
    values
        Of every point of every clip, in the unit of the network's outputs (logits, or logarithms of
        probabilities of an ensemble), ``(clips, …)``: what is positive spoke for the label rather
        than its rival.
    difference
        What the lead of the label over its rival gains from silence to the clip, ``(clips,)``.
    """

    values: NDArray[np.float64]
    difference: NDArray[np.float64]

    @property
    def gap(self) -> float:
        """How far the sums of the values are off `difference` at most, as a share of it."""
        sums = self.values.reshape(len(self.values), -1).sum(axis=1)
        scale = np.maximum(np.abs(self.difference), 1e-6)
        return float((np.abs(sums - self.difference) / scale).max())


def integrated_gradients(
    network: Network,
    clips: NDArray[np.generic],
    labels: Sequence[int],
    rivals: Sequence[int],
    steps: int = STEPS,
) -> Attributions:
    """Attribute a network's answers to the points of its input.

    Parameters
    ----------
    network
        On the CPU.
    clips
        Raw clips, ``(clips, …)`` of its ``input_shape``.
    labels
        For each clip the number of the label whose lead is explained.
    rivals
        For each clip the number of the label over which it leads.
    steps
        Points on the way from silence to the clip.

    Raises
    ------
    UserError
        If a network of the user's own has no gradient.
    """
    raw = torch.from_numpy(np.asarray(clips, np.float32))
    given = normalisation.apply(raw.clone(), network.preprocessing)
    silent = silence(network, raw, given)
    network.module.eval()
    pairs = torch.tensor([list(labels), list(rivals)]).T

    def lead(batch: Tensor, pair: Tensor) -> Tensor:
        of_label, of_rival = network.module(batch).gather(1, pair).unbind(dim=1)
        led: Tensor = of_label - of_rival
        return led

    try:
        found = IntegratedGradients(lead).attribute(
            given,
            baselines=silent,
            # Of captum's: repeated for each point on the way, as the clips are.
            additional_forward_args=pairs,
            n_steps=steps,
            method="gausslegendre",
            internal_batch_size=max(AT_ONCE, len(labels)),
        )
    except RuntimeError as error:
        if network.settings["family"] != "custom":
            raise
        raise UserError(
            f"the network {network.settings['class']} of {network.settings['file']} cannot be "
            f"explained: {str(error).splitlines()[0]} A gradient has to lead from its output to "
            "its input (no detach, numpy or no_grad on the way); or leave explanations out by "
            "report: {explanations: false}"
        ) from error
    with torch.inference_mode():
        gained = lead(given, pairs) - lead(silent, pairs)
    return Attributions(
        values=found.detach().double().numpy(),
        difference=gained.double().numpy(),
    )


def silence(network: Network, raw: Tensor, given: Tensor) -> Tensor:
    """Return what each clip is compared with, on the scale of the network's input.

    Of a signal it is silence; of an image or a spectrogram in decibels one as quiet everywhere as
    the clip is at its quietest point; of frames of MFCC their mean over the clip, because no
    coefficient says by itself that it is quiet.

    Parameters
    ----------
    network
        Its preprocessing and the kind of its input are read.
    raw, given
        The clips before and after normalisation, ``(clips, …)``.
    """
    kind = network_inputs.kind(network.settings)
    within = tuple(range(1, raw.ndim))
    if kind == "mfcc":
        return given.mean(dim=-1, keepdim=True).expand_as(given).contiguous()
    by_value = network.preprocessing["kind"] in BY_VALUE
    if kind == "signal":
        quiet = torch.zeros_like(raw)
        return normalisation.apply(quiet, network.preprocessing) if by_value else quiet
    if by_value:
        quiet = raw.amin(dim=within, keepdim=True).expand_as(raw).contiguous()
        return normalisation.apply(quiet, network.preprocessing)
    return given.amin(dim=within, keepdim=True).expand_as(given).contiguous()


def untrained(network: Network, seed: int = OTHER_WEIGHTS) -> Network:
    """Return a network of the same shape with first weights, which has learned nothing."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module: nn.Module = registry.assemble(
            network.settings, len(network.classes), network.input_shape
        )
    return Network(
        module, network.classes, network.preprocessing, network.settings, network.input_shape
    )


def likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the rank correlation of the sizes of two clips' attributions, mean over the clips.

    What is alike for a network that has learned nothing shows the clip and the network's shape, and
    not what was learned (Adebayo et al. 2018, NeurIPS).

    Parameters
    ----------
    one, other
        Attributions, ``(clips, …)``. Points that are zero in both, such as the silence behind a
        short clip, are left out: every network agrees on them, whatever it has learned.

    Returns
    -------
    float
        Between -1 and 1; a clip of which no points are left, or all alike, counts as 0.
    """
    found = []
    for a, b in zip(np.abs(one), np.abs(other), strict=True):
        told = (a > 0) | (b > 0)
        ranks = np.stack([rankdata(a[told]), rankdata(b[told])])
        varied = ranks.size > 0 and (np.ptp(ranks, axis=1) > 0).all()
        found.append(np.corrcoef(ranks)[0, 1] if varied else 0.0)
    return float(np.mean(found))
