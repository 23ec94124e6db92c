"""Statistics of contours, against numpy by hand."""

from __future__ import annotations

import numpy as np
import pytest

from serflow.sound import cepstra
from serflow.sound.functionals import FUNCTIONALS, functionals
from serflow.sound.slopes import deltas


def slope(values: np.ndarray) -> float:
    """Return the slope of the line through equally spaced values."""
    return float(np.polyfit(np.arange(len(values)), values, 1)[0])


def percentile(values: np.ndarray, percent: float) -> float:
    """Return a percentile between the two neighbours in the sorted values."""
    ordered = sorted(values)
    below, share = divmod(percent / 100 * (len(ordered) - 1), 1)
    i = int(below)
    return ordered[i] + share * (ordered[min(i + 1, len(ordered) - 1)] - ordered[i])


def by_hand(contour: np.ndarray) -> list[float]:
    mean = sum(contour) / len(contour)
    deviation = (sum((x - mean) ** 2 for x in contour) / len(contour)) ** 0.5
    percentiles = [percentile(contour, percent) for percent in (20, 50, 80)]
    return [mean, deviation, min(contour), max(contour), *percentiles]


def test_values_and_their_deltas_by_hand():
    generator = np.random.Generator(np.random.PCG64(5))
    matrix = generator.normal(size=(3, 20)).astype(np.float32) * 40
    found = functionals(matrix)
    assert found.dtype == np.float32
    assert found.shape == (3, 2 * len(FUNCTIONALS)) == (3, 14)
    for row, contour in zip(found, matrix.astype(float), strict=True):
        # At the ends the line through the first nine frames stands for the four without neighbours.
        centres = np.clip(np.arange(20), 4, 15)
        slopes = np.array([slope(contour[at - 4 : at + 5]) for at in centres])
        np.testing.assert_allclose(row, by_hand(contour) + by_hand(slopes), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("frames", "window"), [(3, 3), (4, 3), (8, 7), (9, 9)])
def test_few_frames_have_deltas_over_fewer(frames: int, window: int):
    contour = np.arange(frames, dtype=float) ** 2
    found = deltas(contour[None])[0]
    middle = window // 2
    assert found[middle] == pytest.approx(slope(contour[:window]))


@pytest.mark.parametrize("frames", [1, 2])
def test_one_or_two_frames_have_no_slope(frames: int):
    found = functionals(np.array([[3.0, 5.0][:frames]], np.float32))[0]
    assert found[7:].tolist() == [0] * 7
    assert found[2:4].tolist() == [3, [3, 5][frames - 1]]


def test_padding_is_left_out():
    """0.5 s of sound in 100 frames: the statistics are of the sound, not of the zeros behind it."""
    generator = np.random.Generator(np.random.PCG64(1))
    samples = (generator.normal(size=8000) * 3000).astype(np.float32)
    real = cepstra.real_frames(samples.size, 16_000, 0.015, 100)
    assert real == 34  # 1 + 8000 // 240
    padded = cepstra.mfcc(samples, 16_000, frames=100, n_mfcc=12)
    alone = cepstra.mfcc(samples, 16_000, frames=real, n_mfcc=12)
    assert padded[:, :real].any(axis=0).all()
    assert not padded[:, real:].any()
    np.testing.assert_array_equal(functionals(padded[:, :real]), functionals(alone))
    assert cepstra.real_frames(80_000, 16_000, 0.015, 100) == 100
