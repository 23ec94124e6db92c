"""The models' colours: told apart by readers with any colour vision, seen on light and dark."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from serflow.figures.colours import MUTED, PALETTE, mixed, palette

Array = npt.NDArray[np.float64]

# What is seen without red, green or blue cones: Machado et al. (2009), severity 1, in linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Oklab (Ottosson 2020).
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
PAPERS = ("#ffffff", "#1a212a")
"""The page's paper, light and dark."""
LEAST_DISTANCE = 0.1
"""In Oklab, where black and white are 1 apart: about five times what is just noticed."""


def linear(colour: str) -> Array:
    channels = np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> Array:
    """Return Oklab coordinates (3,) of a colour as seen."""
    light = np.clip(SIGHT[sight] @ linear(colour), 0, 1)
    return np.asarray(TO_LAB @ np.cbrt(TO_CONES @ light))


def distance(one: str, two: str, sight: str) -> float:
    return float(np.linalg.norm(seen(one, sight) - seen(two, sight)))


def contrast(one: str, two: str) -> float:
    """Return WCAG 2's ratio."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(colour)) for colour in (one, two))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(1, abs=1e-3)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # Without green cones these two are nearly one colour, which nobody else would think.
    assert distance("#009e73", "#cc79a7", "normal") > 0.2
    assert distance("#009e73", "#cc79a7", "no green") < 0.09


@pytest.mark.parametrize("sight", SIGHT)
def test_every_two_colours_are_told_apart(sight: str) -> None:
    pairs = itertools.combinations(PALETTE, 2)
    assert min(distance(*pair, sight) for pair in pairs) > LEAST_DISTANCE


@pytest.mark.parametrize("paper", PAPERS)
def test_every_colour_is_seen_on_the_page(paper: str) -> None:
    assert min(contrast(colour, paper) for colour in (*PALETTE, MUTED)) > 2


def test_more_models_than_colours_get_other_shades() -> None:
    names = [f"model{number:02}" for number in range(2 * len(PALETTE))]
    colours = palette(names)
    assert len(set(colours.values())) == len(names)
    for first, again in zip(names, names[len(PALETTE) :], strict=False):
        assert colours[again] == mixed(colours[first], "#000000", 0.35)
