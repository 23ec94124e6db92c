"""Mel spectrograms in decibels of a training and a test clip per label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from serflow.figures.grids import Edge, Example, example_grid
from serflow.figures.style import themed
from serflow.sound.mel_scale import hz_to_mel

TICKS_HZ = (500, 1000, 2000, 4000, 8000, 16000, 32000)


@themed
def examples(clips: Sequence[Example], *, dynamic_range: float = 90.0) -> Figure:
    """Draw mel spectrograms side by side on one scale of colours.

    Parameters
    ----------
    clips
        Dicts of ``label``, ``role`` (``train`` or ``test``), ``clip``, ``speaker``, ``mel`` (array
        (n_mels, frames) of power), ``hop_seconds`` and ``rate`` in Hz.
    dynamic_range
        Decibels from the loudest point of all clips shown down to the darkest colour.

    Returns
    -------
    Figure
        Time in seconds against mel band; the frequency of a band stands on the right.
    """
    loudest = max((float(np.max(clip["mel"], initial=0.0)) for clip in clips), default=0.0) or 1.0
    differing = len({(clip["rate"], len(clip["mel"])) for clip in clips}) > 1

    def draw(axes: Axes, clip: Example, edge: Edge) -> None:
        bands, frames = clip["mel"].shape
        axes.imshow(
            decibels(clip["mel"], loudest, dynamic_range),
            origin="lower",
            aspect="auto",
            cmap="magma",
            vmin=-dynamic_range,
            vmax=0,
            extent=(0, frames * clip["hop_seconds"], -0.5, bands - 0.5),
        )
        axes.tick_params(labelleft=edge.left, labelbottom=edge.bottom)
        axes.locator_params(axis="x", nbins=4)
        axes.locator_params(axis="y", nbins=5)
        if edge.bottom:
            axes.set_xlabel("time (s)")
        if edge.left:
            axes.set_ylabel("mel band")
        if edge.right or differing:
            _mark_frequencies(axes, clip)

    figure, panels = example_grid(clips, draw)
    figure.colorbar(
        panels[0][1].images[0],
        ax=figure.axes,
        location="bottom",
        shrink=0.5,
        aspect=40,
        pad=0.02,
        label="power (dB, 0 = the loudest point of all clips shown)",
    )
    return figure


def decibels(
    power: npt.NDArray[np.floating], reference: float, dynamic_range: float
) -> npt.NDArray[np.floating]:
    """Return 10·log10(`power` / `reference`), cut at -`dynamic_range`, where silence lies."""
    floor = 10 ** (-dynamic_range / 10)
    return 10 * np.log10(np.maximum(np.asarray(power, dtype=np.float64) / reference, floor))


def band_at(hertz: float, bands: int, rate: int) -> float:
    """Return the (fractional) index of the mel band whose centre lies at `hertz`.

    The inverse of `serflow.sound.mel_scale.centres`: centres are evenly spaced in mel from 0 to
    half the rate, both ends excluded.
    """
    return hz_to_mel(hertz) / hz_to_mel(rate / 2) * (bands + 1) - 1


def _mark_frequencies(axes: Axes, clip: Example) -> None:
    bands = len(clip["mel"])
    ticks = [(band_at(hertz, bands, clip["rate"]), hertz) for hertz in TICKS_HZ]
    ticks = [(band, hertz) for band, hertz in ticks if 0 <= band <= bands - 1]
    right = axes.secondary_yaxis("right")
    right.set_yticks([band for band, _ in ticks], [f"{hertz / 1000:g}" for _, hertz in ticks])
    right.set_ylabel("frequency (kHz)")
