"""Bringing clips to the scale that a network is trained on."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from serflow.errors import UserError
from serflow.networks import normalisation


def test_normalisations_by_hand() -> None:
    clips = np.array([[0, 2, 4, 2], [10, 10, 10, 14]], np.float32)
    batch = torch.from_numpy(clips)

    def done(kind: str, rows: tuple[int, ...] = (0,)) -> torch.Tensor:
        return normalisation.apply(batch, normalisation.fit(kind, clips, np.array(rows)))

    torch.testing.assert_close(done("offset"), (batch - 1000) / 100)
    root2 = 2**0.5
    torch.testing.assert_close(done("clip")[0], torch.tensor([-root2, 0, root2, 0]))
    torch.testing.assert_close(done("rms")[0], batch[0] / 6**0.5)
    torch.testing.assert_close(done("training"), (batch - 2) / root2)
    torch.testing.assert_close(done("training", (0, 1)), (batch - 6.5) / 22.75**0.5)


@pytest.mark.parametrize("kind", ["offset", "clip", "rms"])
def test_silence_stays_finite(kind: str) -> None:
    silence = np.zeros((2, 50), np.float32)
    preprocessing = normalisation.fit(kind, silence, np.arange(2))
    result = normalisation.apply(torch.from_numpy(silence), preprocessing)
    assert bool(result.isfinite().all())


def test_unknown_normalisation_is_told_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=", ".join(normalisation.KINDS)):
        normalisation.fit("loud", np.zeros((1, 2), np.float32), np.arange(1))


def test_bands_have_their_own_mean_and_deviation() -> None:
    # Two clips of two rows and two frames; the third clip is no training clip.
    clips = np.array([[[0, 2], [10, 10]], [[4, 2], [30, 30]], [[99, 99], [99, 99]]], np.float16)
    found = normalisation.fit("bands", clips, np.array([0, 1]))
    assert found["mean"] == [[2.0], [20.0]]
    assert found["std"] == [[pytest.approx(2**0.5)], [10.0]]
    batch = torch.from_numpy(clips.astype(np.float32))
    expected = torch.tensor([[-(2**0.5), 0.0], [-1.0, -1.0]])
    torch.testing.assert_close(normalisation.apply(batch, found)[0], expected)
    assert torch.equal(batch, torch.from_numpy(clips.astype(np.float32)))


def test_moments_are_numpy_s_whatever_the_blocks() -> None:
    count = 2 * normalisation.BLOCK + 3
    clips = np.random.default_rng(0).normal(-40, 12, (count + 5, 3, 4)).astype(np.float16)
    rows, wide = np.arange(count), clips[:count].astype(np.float64)
    mean, std = normalisation.moments(clips, rows)
    np.testing.assert_allclose((mean, std), (wide.mean(), wide.std()))
    mean, std = normalisation.moments(clips, rows, by_row=True)
    np.testing.assert_allclose(mean[:, 0], wide.mean(axis=(0, 2)))
    np.testing.assert_allclose(std[:, 0], wide.std(axis=(0, 2)))


def test_a_silent_row_stays_finite() -> None:
    clips = np.full((2, 3, 4), -100, np.float32)
    found = normalisation.fit("bands", clips, np.arange(2))
    assert torch.equal(normalisation.apply(torch.from_numpy(clips), found), torch.zeros(2, 3, 4))


def test_clips_standardised_by_speaker_are_left_as_they_are() -> None:
    batch = torch.randn(2, 5)
    found = normalisation.fit("speaker", batch.numpy(), np.arange(2))
    assert torch.equal(normalisation.apply(batch, found), batch)
