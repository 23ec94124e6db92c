"""Pictures of a recording for a page: waveform, mel spectrogram, and what models say over time.

All share one axis of time, from the recording's beginning to its end, and are stretched to the
width that a page gives them; what is written beside them is the page's.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serflow.prediction.windows import STEP, Answer
from serflow.sound.audio import Recording
from serflow.sound.frames import frame_count, hop_length
from serflow.sound.mel import empty_bands
from serflow.sound.mel_scale import hz_to_mel
from serflow.sound.spectra import Analysis, mel_spectrogram

COLUMNS = 800
"""Columns of a waveform or a spectrogram at most."""
BANDS = (128, 64, 32, 16, 8)
"""Mel bands of a spectrogram: the most of which none is narrower than a frequency of the FFT."""
DYNAMIC_RANGE = 80.0
"""Decibels from the loudest point down to the darkest colour."""
STEPS = 1000
"""Steps of a line at most: of a longer recording neighbouring windows are averaged."""

_HOP = 0.01
_FRAMES = 16_000
_WINDOW = 0.05
_TICKS_HZ = (100, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 64000)
_TICKS_APART = 0.09
_STEPS_OF_TIME = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MOST_TIMES = 6

Tick = tuple[float, str]
"""Where a mark stands on its axis, from 0 to 1, and what is written there."""


def waveform(recording: Recording) -> str:
    """Return the outline of a waveform as an SVG path, in a box 1 wide and 2 high.

    Its loudest sample touches the box's edge.
    """
    samples = recording.samples
    edges = np.linspace(0, samples.size, min(COLUMNS, samples.size) + 1).astype(np.intp)[:-1]
    high = np.maximum.reduceat(samples, edges).astype(np.float64)
    low = np.minimum.reduceat(samples, edges).astype(np.float64)
    peak = max(high.max(), -low.min()) or 1.0
    x = (np.arange(edges.size) + 0.5) / edges.size
    upper = [f"{a:.4f} {1 - b:.3f}" for a, b in zip(x, high / peak, strict=True)]
    lower = [f"{a:.4f} {1 - b:.3f}" for a, b in zip(x[::-1], low[::-1] / peak, strict=True)]
    return f"M{'L'.join([*upper, *lower])}Z"


def spectrogram(recording: Recording) -> bytes:
    """Return a mel spectrogram in decibels as a PNG file, low frequencies below.

    Mel bands from 0 Hz to half the sampling rate; 0 dB is the loudest point.
    """
    from matplotlib import colormaps
    from PIL import Image

    seconds = recording.samples.size / recording.rate
    n_fft = 2 ** math.ceil(math.log2(_WINDOW * recording.rate))
    hop_seconds = max(_HOP, seconds / _FRAMES, 1 / recording.rate)
    hop = hop_length(recording.rate, hop_seconds)
    frames = frame_count(recording.samples.size, n_fft, hop)
    known = (bands for bands in BANDS if not empty_bands(recording.rate, n_fft, bands).size)
    analysis = Analysis(n_fft, hop_seconds, next(known, BANDS[-1]), frames)
    power = _averaged(mel_spectrogram(recording.samples, recording.rate, analysis), COLUMNS)
    loudest = float(power.max()) or 1.0
    floor = 10 ** (-DYNAMIC_RANGE / 10)
    decibels = 10 * np.log10(np.maximum(power / loudest, floor))
    image = Image.fromarray(
        np.round(255 * (1 + decibels[::-1] / DYNAMIC_RANGE)).astype(np.uint8), mode="P"
    )
    image.putpalette((colormaps["magma"](np.arange(256), bytes=True)[:, :3]).tobytes())
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def frequencies(rate: int) -> list[Tick]:
    """Return marks for the spectrogram's axis of frequency, from its lower edge, in Hz."""
    top = hz_to_mel(rate / 2)
    kept: list[Tick] = []
    for hertz in _TICKS_HZ:
        at = hz_to_mel(hertz) / top
        if at < 1 - _TICKS_APART / 2 and (not kept or at - kept[-1][0] >= _TICKS_APART):
            kept.append((at, f"{hertz:,}".replace(",", "\u202f")))
    return kept


def times(seconds: float) -> list[Tick]:
    """Return marks for the axis of time, in seconds."""
    apart = next((one for one in _STEPS_OF_TIME if seconds / one <= _MOST_TIMES), 0)
    if not apart:
        apart = 3600 * math.ceil(seconds / 3600 / _MOST_TIMES)
    marks = [apart * number for number in range(int(seconds / apart + 1e-9) + 1)]
    return [(mark / seconds, f"{mark:,g}".replace(",", "\u202f")) for mark in marks]


@dataclass(frozen=True, eq=False)
class Steps:
    """What models say over time, a value for each stretch of it.

    Attributes
    ----------
    edges
        Where the stretches begin, and where the last one ends, in seconds.
    values
        Of each stretch, ``(stretches, classes)``.
    """

    edges: NDArray[np.float64]
    values: NDArray[np.float64]

    def lines(self, low: float = 0.0, high: float = 1.0) -> Iterator[str]:
        """Yield a line for each class as an SVG path, in a box 1 wide and 1 high.

        The lower edge of the box stands for `low`, the upper for `high`.
        """
        x = (self.edges / self.edges[-1]).tolist()
        for column in (1 - (self.values - low) / (high - low)).T.tolist():
            parts = [f"M0 {column[0]:.4f}"]
            for begin, level in zip(x[1:-1], column[1:], strict=True):
                parts.append(f"H{begin:.5f}V{level:.4f}")
            yield "".join([*parts, "H1"])


def steps(answer: Answer, seconds: float) -> Steps | None:
    """Return what models say over a recording's time; None where they heard it in one piece.

    A window stands for the second around its middle, the first and the last one also for what is
    before and behind it.
    """
    count = len(answer.starts)
    if count == 1:
        return None
    middles = np.asarray(answer.starts) + answer.seconds / 2
    edges = np.concatenate([[0.0], middles[1:] - STEP / 2, [seconds]])
    group = -(-count // STEPS)
    starts = np.arange(0, count, group)
    sums = np.add.reduceat(answer.windows, starts, axis=0)
    sizes = np.diff([*starts, count])
    return Steps(np.append(edges[starts], seconds), sums / sizes[:, None])


def _averaged(values: NDArray[np.float32], most: int) -> NDArray[np.float64]:
    """Return at most so many columns, the means of neighbouring ones."""
    columns = values.shape[1]
    edges = np.linspace(0, columns, min(most, columns) + 1).astype(np.intp)
    sums = np.add.reduceat(values.astype(np.float64), edges[:-1], axis=1)
    return np.asarray(sums / np.diff(edges))


def scale(values: Sequence[float]) -> tuple[float, float]:
    """Return round limits that hold all `values`, for an axis of estimates."""
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1.0
    unit = 10.0 ** math.floor(math.log10(span))
    bottom, top = math.floor(low / unit) * unit, math.ceil(high / unit) * unit
    return (bottom, top) if top > bottom else (bottom, bottom + unit)
