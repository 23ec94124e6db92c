"""What spoke for a network's answers in a few clips, over time and frequency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from serflow import network_inputs
from serflow.figures.clip_card import mark_kilohertz, thinned
from serflow.figures.style import WIDTH, shortened, themed

# Of red against blue colour-blind readers lose nothing.
FOR, AGAINST = "#c51b20", "#1f66c0"
SMOOTHING = 0.015
"""Width of the smoothing as a share of a clip's length and of its rows: points alone say little."""
STRONGEST = 99.7
"""Percentile of the attributions that has the full colour: a single point could outshine all."""
MOST_POINTS = 1200


class Scale(NamedTuple):
    """What the axes of a network's input are.

    Attributes
    ----------
    kind
        ``signal``, ``image``, ``stft``, ``log_mel`` or ``mfcc``.
    seconds
        How long a clip is.
    rate
        Sampling rate in Hz of what the rows come from.
    bands
        Mel bands that the rows come from; 0 where they are none.
    standardised
        Whether samples count standard deviations of their speaker instead of 16-bit steps.
    """

    kind: str
    seconds: float
    rate: int
    bands: int = 0
    standardised: bool = False

    @classmethod
    def of(
        cls, settings: Mapping[str, Any], cfg: Mapping[str, Any], rate: int, shape: tuple[int, ...]
    ) -> Scale:
        """Return what the axes of a network's input are.

        Parameters
        ----------
        settings
            The network's slice of the configuration.
        cfg
            Of an image ``spectrogram.frames``, ``spectrogram.hop_seconds`` and
            ``spectrogram.n_mels``.
        rate
            The recordings' own, in Hz.
        shape
            Of one clip.
        """
        kind = network_inputs.kind(settings)
        if kind == "image":
            seconds = cfg["spectrogram.frames"] * cfg["spectrogram.hop_seconds"]
            return cls(kind, seconds, rate, cfg["spectrogram.n_mels"])
        rate = settings["rate"] or rate
        if kind == "signal":
            by_speaker = network_inputs.normalisation(settings) == "speaker"
            return cls(kind, shape[0] / rate, rate, standardised=by_speaker)
        hop = settings["hop_length"] / rate if kind == "stft" else settings["hop_seconds"]
        return cls(kind, shape[1] * hop, rate, settings["n_mels"] if kind == "log_mel" else 0)


@themed
def plot(clips: Sequence[Mapping[str, Any]], scale: Scale) -> Figure:
    """Draw each clip's input and, below it, what spoke for the label said rather than a rival.

    Parameters
    ----------
    clips
        Dicts of ``clip``, ``label``, ``predicted``, ``rival``, ``probability``, ``input`` and
        ``attributions`` (arrays of one shape: the samples, or rows and frames).
    scale
        What the axes are.
    """
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    grid = figure.subplots(2, len(clips), squeeze=False, sharex=True)
    for column, clip in enumerate(clips):
        _head(grid[0][column], clip)
        said, rival = (shortened(clip[key], 20) for key in ("predicted", "rival"))
        grid[1][column].set_title(f"for {said}\nrather than {rival}", fontsize=6.3)
        draw = _signal if scale.kind == "signal" else _rows
        draw(grid[0][column], grid[1][column], clip, scale, column == 0)
        grid[1][column].set_xlabel("time (s)")
        grid[1][column].locator_params(axis="x", nbins=4)
    for axes, what in ((grid[0][0], "input"), (grid[1][0], "for and against")):
        axes.set_ylabel(f"{what}\n{axes.get_ylabel()}")
    return figure


def _head(axes: Axes, clip: Mapping[str, Any]) -> None:
    right = clip["label"] == clip["predicted"]
    label, predicted = (shortened(clip[key], 14) for key in ("label", "predicted"))
    told = f"{label}: recognised" if right else f"{label}: taken for {predicted}"
    name = shortened(PurePosixPath(clip["clip"]).name, 26)
    # A network is never certain, and what rounds to 100 % is not written as if it were.
    sure = f"{100 * clip['probability']:.0f}" if clip["probability"] < 0.995 else ">99"
    axes.set_title(f"{told} ({sure} %)\n{name}", fontsize=6.3)


def _rows(above: Axes, below: Axes, clip: Mapping[str, Any], scale: Scale, first: bool) -> None:
    """Draw a picture of rows and frames, row 0 at the bottom."""
    shape = clip["input"].shape
    rows = scale.bands or shape[0]
    area = (0, scale.seconds, -0.5, rows - 0.5)
    drawn: dict[str, Any] = {"origin": "lower", "aspect": "auto", "extent": area}
    picture = thinned(clip["input"])
    above.imshow(picture, cmap="gray", **drawn)
    below.imshow(picture, cmap="gray", alpha=0.45, **drawn)
    smooth = thinned(gaussian_filter(clip["attributions"], [SMOOTHING * size for size in shape]))
    most = float(np.percentile(np.abs(smooth), STRONGEST)) or 1.0
    strength = np.sqrt(np.abs(smooth) / most).clip(0, 1)
    colours = np.where((smooth > 0)[..., None], to_rgb(FOR), to_rgb(AGAINST))
    below.imshow(np.dstack([colours, strength]), **drawn)
    for axes in (above, below):
        _mark_rows(axes, rows, scale)
        if not first:
            axes.set_ylabel("")
            axes.tick_params(labelleft=False)


def _mark_rows(axes: Axes, rows: int, scale: Scale) -> None:
    if scale.kind in ("image", "log_mel"):
        mark_kilohertz(axes, rows, scale.rate)
        axes.set_ylabel("kHz")
    elif scale.kind == "stft":
        most = scale.rate / 2000
        ticks = np.arange(0, most + 0.01, 1 if most < 6 else 2)
        axes.set_yticks(ticks / most * (rows - 1), [f"{tick:g}" for tick in ticks])
        axes.set_ylabel("kHz")
    else:
        axes.set_ylabel("coefficient")


def _signal(above: Axes, below: Axes, clip: Mapping[str, Any], scale: Scale, first: bool) -> None:
    samples: NDArray[np.generic] = clip["input"]
    edges = np.unique(np.linspace(0, len(samples), MOST_POINTS + 1).astype(int))
    time = edges[:-1] / len(samples) * scale.seconds
    one = 1 if scale.standardised else 32768
    low, high = (
        extreme.reduceat(samples, edges[:-1]) / one for extreme in (np.minimum, np.maximum)
    )
    above.fill_between(time, low, high, color="#333333", lw=0.3)
    smooth = gaussian_filter1d(clip["attributions"], SMOOTHING * len(samples))
    means = np.add.reduceat(smooth, edges[:-1]) / np.diff(edges)
    share = means / (float(np.abs(means).max()) or 1.0)
    below.fill_between(time, np.maximum(share, 0), color=FOR, lw=0)
    below.fill_between(time, np.minimum(share, 0), color=AGAINST, lw=0)
    below.set(xlim=(0, scale.seconds), ylim=(-1.05, 1.05))
    if first:
        above.set_ylabel("standard deviations" if scale.standardised else "amplitude")
        below.set_ylabel("share of the strongest")
    else:
        below.tick_params(labelleft=False)
