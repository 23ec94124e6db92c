"""Changed copies of the sound, made once before any input of a network is made of it.

What is done to a clip hangs on its name, the augmentations and the number of the copy alone, so
neither the number of shards nor the order of the clips changes a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import scipy.fft
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.random import RandomState
from numpy.typing import NDArray

from serflow.synthesis.randomness import stream

Signal = NDArray[np.float32]

SHIFT = 0.1
"""Largest shift, as a share of the length, either way."""
GAIN = 6.0
"""Largest gain, dB, either way: half or double the distance to the microphone."""
SNR = (10.0, 30.0)
"""Range of the signal-to-noise ratio, dB: audible noise that hides no word."""
SEMITONES = 2.0
"""Largest shift of the pitch, either way: half of what speakers of one sex differ by."""
SPEED = (0.85, 1.15)
"""Range of the tempo; within it, listeners take speech for unchanged in all but its pace."""
WINDOW_SECONDS = 0.064
"""Longest window of the phase vocoder: harmonics of 60 Hz are apart, syllables not smeared."""
SPARE_SECONDS = 5.0
"""Of a long recording, so much is changed beyond what the changes can bring into view."""
OVERLAP = 4
"""Hops in a window."""
TINY = np.float32(1e-30)
"""Smallest magnitude that has a phase; dividing by a smaller one would overflow."""


def time_shift(signal: Signal, rate: int, draws: RandomState) -> Signal:
    """Shift cyclically in time."""
    return np.roll(signal, round(draws.uniform(-SHIFT, SHIFT) * signal.size))


def gain(signal: Signal, rate: int, draws: RandomState) -> Signal:
    """Amplify or attenuate."""
    return signal * np.float32(10 ** (draws.uniform(-GAIN, GAIN) / 20))


def noise(signal: Signal, rate: int, draws: RandomState) -> Signal:
    """Add white noise; its level is against that of the whole clip."""
    level = float(np.sqrt(np.mean(np.square(signal, dtype=np.float64))))
    ratio = 10 ** (-draws.uniform(*SNR) / 20)
    added: Signal = draws.standard_normal(signal.size).astype(np.float32)
    added *= np.float32(level * ratio)
    return signal + added


def pitch_shift(signal: Signal, rate: int, draws: RandomState) -> Signal:
    """Raise or lower the pitch, formants included, and keep the pace."""
    return shifted(signal, rate, draws.uniform(-SEMITONES, SEMITONES))


def time_stretch(signal: Signal, rate: int, draws: RandomState) -> Signal:
    """Speak slower or faster at the same pitch; cut or filled with zeros to the length it had."""
    return _fitted(stretched(signal, rate, draws.uniform(*SPEED)), signal.size)


AUGMENTATIONS: dict[str, Callable[[Signal, int, RandomState], Signal]] = {
    "time_shift": time_shift,
    "gain": gain,
    "noise": noise,
    "pitch_shift": pitch_shift,
    "time_stretch": time_stretch,
}
"""Name, without the ``sound_`` of the configuration → augmentation."""


def needed(kept: int, rate: int) -> int:
    """Return how many samples of a recording to change, of which the first `kept` will be seen.

    A phase vocoder holds some 35 times what it is given, so a long recording is not given whole:
    of `n` samples, a shift brings the first `kept` from within `kept + SHIFT * n`, on either side,
    and a faster pace those from `SPEED[1]` times as many. Pitch keeps the pace. The rest is spare,
    for windows, and because the level of noise is against that of all that is given.

    Parameters
    ----------
    kept
        Samples that are seen of the changed signal.
    rate
        Sampling rate in Hz.
    """
    fastest = SPEED[1]
    return int(kept * fastest / (1 - SHIFT * fastest) + SPARE_SECONDS * rate) + 1


def changed(signal: Signal, rate: int, names: str, copy: int, clip: str) -> Signal:
    """Return one changed copy of a clip.

    Parameters
    ----------
    signal
        Shape (samples,), on any scale.
    rate
        Sampling rate in Hz.
    names
        Keys of `AUGMENTATIONS` joined by ``+``, applied in that order.
    copy
        Number of the copy.
    clip
        The clip's name.

    Returns
    -------
    array of the same shape, float32
    """
    draws = stream("sound", names, copy, clip)
    for name in names.split("+"):
        signal = AUGMENTATIONS[name](signal, rate, draws)
    return signal


def shifted(signal: Signal, rate: int, semitones: float) -> Signal:
    """Return a signal of the same length at another pitch, by stretching and resampling it."""
    ratio = 2 ** (semitones / 12)
    return _fitted(soxr.resample(stretched(signal, rate, 1 / ratio), ratio, 1.0), signal.size)


def stretched(signal: Signal, rate: int, speed: float) -> Signal:
    """Return a signal at another pace and the same pitch, by a phase vocoder.

    Frames are taken `speed` hops apart and put together one hop apart; each bin's phase goes on by
    what it advances from the frame there to the next (Flanagan & Golden 1966; Dolson 1986).

    Parameters
    ----------
    signal
        Shape (samples,).
    rate
        Sampling rate in Hz.
    speed
        Above 1 is faster.

    Returns
    -------
    array of shape (round(samples / speed),), float32
    """
    size = round(signal.size / speed)
    n_fft = 2 ** int(np.log2(rate * WINDOW_SECONDS))
    hop, window = n_fft // OVERLAP, _window(n_fft)
    # Enough silence that there is a frame after the last one that is taken.
    padded = np.pad(signal, (n_fft // 2, n_fft // 2 + 3 * hop))
    frames = sliding_window_view(padded, n_fft)[::hop] * window
    spectra = scipy.fft.rfft(frames, axis=1, overwrite_x=True)
    places = np.arange(-(-size // hop) + 1) * speed
    places = places[places < len(spectra) - 1]
    before = places.astype(int)
    share = (places - before).astype(np.float32)[:, None]
    magnitudes = np.abs(spectra)
    magnitudes = (1 - share) * magnitudes[before] + share * magnitudes[before + 1]
    # As analysis and synthesis have the same hop, whole turns between two frames cancel.
    units = _unit(spectra)
    turns = units[before + 1] * units[before].conj()
    turns = np.concatenate([units[:1], turns[:-1]])
    phases = _unit(np.cumprod(turns, axis=0))
    pieces = scipy.fft.irfft(magnitudes * phases, n_fft, axis=1, overwrite_x=True) * window
    return _fitted(_overlapped(pieces, window)[n_fft // 2 :], size)


def _overlapped(pieces: Signal, window: Signal) -> Signal:
    """Add windowed pieces, a hop apart, and divide by the sum of the squared windows."""
    hop = window.size // OVERLAP
    blocks = len(pieces) + OVERLAP - 1
    total: Signal = np.zeros((blocks, hop), np.float32)
    weight: Signal = np.zeros((blocks, hop), np.float32)
    for part in range(OVERLAP):
        inside = slice(part * hop, (part + 1) * hop)
        total[part : part + len(pieces)] += pieces[:, inside]
        weight[part : part + len(pieces)] += np.square(window[inside])
    total /= np.maximum(weight, np.float32(1e-3))
    return total.ravel()


@lru_cache(maxsize=4)
def _window(n_fft: int) -> Signal:
    """Periodic Hann window."""
    turns = np.arange(n_fft) / n_fft
    window = (0.5 - 0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)
    # Shared by all calls.
    window.flags.writeable = False
    return window


def _unit(values: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Return numbers of magnitude 1 and the same phase; 1 for zero, and what is as good as it."""
    size = np.abs(values)
    return np.where(size > TINY, values / np.maximum(size, TINY), np.complex64(1))


def _fitted(signal: Signal, size: int) -> Signal:
    """Cut a signal, or fill it with zeros, to a length."""
    fitted = np.zeros(size, np.float32)
    used = min(size, signal.size)
    fitted[:used] = signal[:used]
    return fitted
