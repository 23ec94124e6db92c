"""Parameter counts against those that the sources print.

Keras counts a batch normalisation's running mean and variance, which torch keeps beside the
parameters, and gives an LSTM one bias where torch adds two.
"""

from __future__ import annotations

import pytest
from torch import nn

from serflow.networks.cnn_stft import CNNSTFT
from serflow.networks.conflictnet import ConflictNET
from serflow.networks.mlp_wave import MLPWave
from serflow.networks.ser1d import SER1D
from serflow.networks.very_deep import PLANS, VeryDeep


def trainable(module: nn.Module) -> int:
    """Trainable parameters as Keras counts them."""
    second_biases = [
        weights.numel()
        for part in module.modules()
        if isinstance(part, nn.LSTM)
        for name, weights in part.named_parameters()
        if name.startswith("bias_hh")
    ]
    return sum(weights.numel() for weights in module.parameters()) - sum(second_biases)


def untrainable(module: nn.Module) -> int:
    """Running means and variances."""
    return 2 * sum(
        part.num_features for part in module.modules() if isinstance(part, nn.BatchNorm2d)
    )


@pytest.mark.parametrize(
    ("module", "wanted"),
    [
        (SER1D(7, (128_000,)), (137_991 - 768, 768)),
        (SER1D(7, (128_000,), attention=True), (174_408, 768)),
        (ConflictNET(1, (240_000,)), (420_418, 896)),
        (MLPWave(10, (30_000,)), (3_841_418, 0)),
        (CNNSTFT(10, (1025, 40), channels=(64,)), (4_701_610, 0)),
    ],
    ids=["ser1d", "ser1d with attention", "conflictnet", "mlp_wave", "cnn_stft as it was run"],
)
def test_published_keras_code(module: nn.Module, wanted: tuple[int, int]) -> None:
    assert (trainable(module), untrainable(module)) == wanted


def test_totals_of_the_papers_that_give_only_those() -> None:
    for module, total in (
        (SER1D(7, (16_000,)), 137_991),
        (SER1D(7, (16_000,), attention=True), 175_176),
        (ConflictNET(1, (8000,)), 421_314),
    ):
        assert trainable(module) + untrainable(module) == total


@pytest.mark.parametrize(
    ("plan", "millions"), [("m3", 0.2), ("m5", 0.5), ("m11", 1.8), ("m18", 3.7), ("m34_res", 4)]
)
def test_very_deep_networks_are_as_large_as_table_1_says(plan: str, millions: float) -> None:
    """M5's 0.55 is cut off there, not rounded."""
    module = VeryDeep(10, (32_000,), plan)
    assert trainable(module) / 1e6 == pytest.approx(millions, abs=0.06)


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        ("m3", 221_194),
        ("m5", 559_114),
        ("m11", 1_786_442),
        ("m18", 3_683_786),
        ("m34_res", 3_984_154),
    ],
)
def test_very_deep_networks_have_the_weights_of_the_keras_port(plan: str, wanted: int) -> None:
    """P. Rémy's port gives each convolution a bias, which the normalisation after it undoes.

    Its M34-res also normalises the sum of each block and its shortcut.
    """
    module = VeryDeep(10, (32_000,), plan)
    biases = sum(part.out_channels for part in module.modules() if isinstance(part, nn.Conv2d))
    plan_ = PLANS[plan]
    sums = sum(2 * width * depth for width, depth in plan_.groups) if plan_.residual else 0
    assert trainable(module) + biases + sums == wanted


@pytest.mark.parametrize(
    ("plan", "layers"), [("m3", 3), ("m5", 5), ("m11", 11), ("m18", 18), ("m34_res", 34)]
)
def test_very_deep_networks_have_as_many_layers_as_their_name_says(plan: str, layers: int) -> None:
    module = VeryDeep(10, (32_000,), plan)
    weighted = [part for part in module.modules() if isinstance(part, nn.Conv2d | nn.Linear)]
    assert len(weighted) == layers
