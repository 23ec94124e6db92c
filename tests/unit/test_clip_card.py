"""A clip's picture: few rows by means, and the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from serflow.figures import clip_card
from serflow.figures.small_png import save_small
from serflow.sound.long_term import long_term_spectrum


def test_rows_are_means_of_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_card, "MOST_ROWS", 2)
    picture = np.array([[0], [2], [4], [6], [20]], np.uint8)
    # Of five rows the first has two and the second three.
    assert clip_card.thinned(picture).tolist() == [[1], [10]]
    monkeypatch.setattr(clip_card, "MOST_ROWS", 9)
    assert clip_card.thinned(picture).tolist() == picture.tolist()


@pytest.mark.parametrize("loud", [3000, 0])
def test_the_same_clip_gives_the_same_small_file(tmp_path: Path, loud: int) -> None:
    generator = np.random.default_rng(0)
    samples = (loud * generator.standard_normal(4000)).astype(np.float32)
    given = {
        "samples": samples,
        "rate": 8000,
        "mel": (loud * generator.random((64, 30))).astype(np.float32),
        "hop_seconds": 0.015,
        "spectrum": long_term_spectrum(samples, 8000),
        "image": generator.integers(0, 255, (64, 30), np.uint8),
    }
    for name in ("one.png", "two.png"):
        save_small(clip_card.plot(**given), tmp_path / name)
    written = (tmp_path / "one.png").read_bytes()
    assert written == (tmp_path / "two.png").read_bytes()
    assert len(written) < 120_000
    with Image.open(tmp_path / "one.png") as picture:
        assert picture.size == (660, 620)


def test_a_clip_without_samples_can_be_drawn(tmp_path: Path) -> None:
    nothing = np.zeros(0, np.float32)
    figure = clip_card.plot(
        samples=nothing,
        rate=8000,
        mel=np.zeros((8, 3), np.float32),
        hop_seconds=0.015,
        spectrum=long_term_spectrum(nothing, 8000),
        image=np.zeros((8, 3), np.uint8),
    )
    save_small(figure, tmp_path / "empty.png")
    assert (tmp_path / "empty.png").is_file()


def test_rare_colours_stay(tmp_path: Path) -> None:
    """The brightest colours of a scale are few points, and became those of the axes."""
    figure = Figure(figsize=(3.0, 2.0))
    dark, bright = figure.add_axes((0, 0.1, 1, 0.9)), figure.add_axes((0, 0, 1, 0.1))
    noise = np.random.default_rng(0).random((40, 60)) * 0.3
    # Between the points there are mixed colours, as at the edges of letters.
    dark.imshow(noise, aspect="auto", cmap="gray", interpolation="bilinear", vmin=0, vmax=1)
    bright.imshow(np.linspace(0, 1, 200)[None], aspect="auto", cmap="magma")
    save_small(figure, tmp_path / "one.png")
    figure.savefig(tmp_path / "all.png", dpi=200)
    drawn, meant = (
        np.asarray(Image.open(tmp_path / name).convert("RGB"), float)
        for name in ("one.png", "all.png")
    )
    assert np.abs(drawn - meant).max() < 12
