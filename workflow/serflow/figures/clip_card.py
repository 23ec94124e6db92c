"""One clip in four pictures: waveform, mel spectrogram, long-term spectrum, the networks' image."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from serflow.figures.colours import MUTED
from serflow.figures.spectrograms import TICKS_HZ, band_at, decibels
from serflow.figures.style import themed

# Half the text width of the printed report, where two stand side by side.
WIDTH, HEIGHT = 3.3, 3.1
DYNAMIC_RANGE = 90.0
"""Decibels from the clip's loudest point down to the darkest colour."""
FILL = "#0072B2"
MOST_COLUMNS, MOST_ROWS = 1000, 480
"""Columns and rows that are drawn: more than the file has for them."""
PLACES = {
    "wave": (0.125, 0.80, 0.84, 0.185),
    "mel": (0.125, 0.45, 0.84, 0.315),
    "spectrum": (0.125, 0.095, 0.49, 0.245),
    "image": (0.64, 0.095, 0.325, 0.245),
}
"""Left, bottom, width and height of each panel, as shares of the figure."""


@themed
def plot(
    *,
    samples: NDArray[np.float32],
    rate: int,
    mel: NDArray[np.float32],
    hop_seconds: float,
    spectrum: tuple[NDArray[np.float64], NDArray[np.float64]],
    image: NDArray[np.uint8],
) -> Figure:
    """Draw what is to be seen of a clip.

    Parameters
    ----------
    samples
        On the 16-bit integer scale, shape (samples,): as much as is analysed.
    rate
        Sampling rate in Hz.
    mel
        Mel spectrogram, power, shape (n_mels, frames).
    hop_seconds
        Between its frames.
    spectrum
        Frequencies in Hz and levels in dB, of `serflow.sound.long_term.long_term_spectrum`.
    image
        Grey values, row 0 the lowest mel band.
    """
    # Places of their own: to lay each out anew would take longer than all the rest.
    figure = Figure(figsize=(WIDTH, HEIGHT))
    panels = {name: figure.add_axes(place) for name, place in PLACES.items()}
    seconds = mel.shape[1] * hop_seconds
    _waveform(panels["wave"], samples, rate, seconds)
    _mel(panels["mel"], mel, rate, seconds)
    _spectrum(panels["spectrum"], *spectrum)
    _image(panels["image"], image)
    for axes in panels.values():
        axes.tick_params(labelsize=6, pad=1.5, length=2)
        axes.xaxis.label.set_fontsize(6.5)
        axes.yaxis.label.set_fontsize(6.5)
        axes.xaxis.labelpad = axes.yaxis.labelpad = 1.5
    return figure


def _waveform(axes: Axes, samples: NDArray[np.float32], rate: int, seconds: float) -> None:
    # What lies between the extremes of each of many stretches, which is all that can be seen.
    edges = np.unique(np.linspace(0, len(samples), MOST_COLUMNS + 1).astype(int))
    low, high = (
        extreme.reduceat(samples, edges[:-1]) / 32768 for extreme in (np.minimum, np.maximum)
    )
    axes.fill_between(edges[:-1] / rate, low, high, color=FILL, lw=0.3)
    most = max(float(high.max(initial=0.0)), -float(low.min(initial=0.0)), 1e-4)
    axes.set(xlim=(0, seconds), ylim=(-1.05 * most, 1.05 * most))
    axes.tick_params(labelbottom=False)
    axes.locator_params(axis="y", nbins=3)
    axes.set_ylabel("amplitude")


def _mel(axes: Axes, mel: NDArray[np.float32], rate: int, seconds: float) -> None:
    bands = len(mel)
    loudest = float(mel.max(initial=0.0)) or 1.0
    axes.imshow(
        decibels(thinned(mel), loudest, DYNAMIC_RANGE),
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=-DYNAMIC_RANGE,
        vmax=0,
        extent=(0, seconds, -0.5, bands - 0.5),
    )
    mark_kilohertz(axes, bands, rate)
    axes.set_xlabel("time (s)")


def thinned(picture: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return a picture with so few rows that each has a place, as means of neighbours."""
    edges = np.linspace(0, len(picture), min(len(picture), MOST_ROWS) + 1).astype(int)[:-1]
    counts = np.diff([*edges, len(picture)])
    means: NDArray[np.float64] = np.add.reduceat(picture, edges, axis=0, dtype=np.float64)
    means /= counts[:, None]
    return means


def mark_kilohertz(axes: Axes, bands: int, rate: int) -> None:
    """Write frequencies in kHz beside mel bands that are counted from 0 upwards."""
    ticks = [(band_at(hertz, bands, rate), hertz) for hertz in TICKS_HZ]
    inside = [(band, hertz) for band, hertz in ticks if 0 <= band <= bands - 1]
    axes.set_yticks([band for band, _ in inside], [f"{hertz / 1000:g}" for _, hertz in inside])
    axes.set_ylabel("mel band at (kHz)")


def _spectrum(axes: Axes, frequencies: NDArray[np.float64], level: NDArray[np.float64]) -> None:
    axes.fill_between(frequencies / 1000, level, -DYNAMIC_RANGE, color=FILL, alpha=0.25, lw=0)
    axes.plot(frequencies / 1000, level, color=FILL, lw=0.7)
    axes.set(xlim=(0, frequencies[-1] / 1000), ylim=(-DYNAMIC_RANGE, 3))
    axes.set_yticks([-80, -40, 0])
    axes.locator_params(axis="x", nbins=5)
    axes.set(xlabel="frequency (kHz)", ylabel="level (dB)")
    axes.grid(axis="y")


def _image(axes: Axes, image: NDArray[np.uint8]) -> None:
    axes.imshow(thinned(image), origin="upper", aspect="auto", cmap="gray", vmin=0, vmax=255)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(MUTED)
    axes.set_xlabel("networks' image")
