"""What eSpeak NG cannot do to a voice: perturbed pitch, breath, spectral tilt, level, a room.

All functions take and return signals of shape (samples,) at eSpeak NG's rate, full scale 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from serflow.synthesis.espeak import RATE
from serflow.synthesis.prosody import Take

Signal = NDArray[np.float64]
Frequencies = NDArray[np.floating[Any]]

MIDDLE_LEVEL = -33.0
"""RMS of speech at level 0, dB relative to full scale."""
PEAK = 0.97
"""Louder clips are turned down to this."""

_AUDIBLE = 0.004
_JITTER_STEP = 110  # samples between two independent jitter values, 5 ms
_ENVELOPE = 441  # samples of the envelope's window, 20 ms
_FFT_STEP = 4096
_SHORTEST_FADE = 40  # samples, 2 ms: no click


def colour(signal: Signal, take: Take, random: RandomState) -> Signal:
    """Turn eSpeak NG's speech into the clip: the effects of `take`, then the room.

    Parameters
    ----------
    signal
        The sentence as eSpeak NG spoke it.
    take
        The plan of the take.
    random
        The clip's random stream, after `serflow.synthesis.prosody.plan` drew from it.

    Returns
    -------
    ndarray
        The clip: 0.35 to 0.7 s of room before and after the sentence, peak at most `PEAK`.
    """
    signal = perturb(trim(signal), take.jitter, take.tremor, random)
    signal = breathe(signal, take.aspiration, random)
    signal = tilt(signal, take.tilt)
    signal = fade(signal, int(take.onset * RATE) + _SHORTEST_FADE)
    signal = signal * ratio(MIDDLE_LEVEL + take.level) / rms(signal)
    before, after = (int(RATE * random.uniform(0.35, 0.7)) for _ in range(2))
    signal = room(np.pad(signal, (before, after)), take.noise, random)
    return limit(signal)


def rms(signal: Signal) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(signal**2)))


def ratio(decibels: float) -> float:
    """Return the ratio of amplitudes that a level means."""
    return float(10 ** (decibels / 20))


def trim(signal: Signal) -> Signal:
    """Cut the silence at both ends."""
    audible = np.flatnonzero(np.abs(signal) > _AUDIBLE)
    return signal[audible[0] : audible[-1] + 1]


def perturb(signal: Signal, jitter: float, tremor: float, random: RandomState) -> Signal:
    """Perturb the pitch, by bending time with the integral of the wanted relative deviation.

    Parameters
    ----------
    signal
        Speech.
    jitter
        Standard deviation of the irregular deviation, relative.
    tremor
        Amplitude of the periodic deviation (4.5 to 6.5 Hz), relative.
    random
        The clip's random stream.
    """
    time = np.arange(len(signal))
    knots = random.normal(0, 1, len(signal) // _JITTER_STEP + 3)
    frequency, phase = random.uniform(4.5, 6.5), random.uniform(0, 2 * np.pi)
    deviation = jitter * np.interp(time, np.arange(len(knots)) * _JITTER_STEP, knots)
    deviation += tremor * np.sin(2 * np.pi * frequency * time / RATE + phase)
    bent = np.clip(time + np.cumsum(deviation), 0, len(signal) - 1)
    return np.interp(bent, time, signal)


def breathe(signal: Signal, aspiration: float, random: RandomState) -> Signal:
    """Add breath: noise above about 2 kHz that follows the speech's envelope.

    At aspiration 0 it is 34 dB below the speech, and each step adds 2 dB.
    """
    window = np.hanning(_ENVELOPE)
    envelope = np.convolve(np.abs(signal), window / window.sum(), "same")
    noise = filtered(random.normal(0, 1, len(signal)), lambda hz: hz**2 / (hz**2 + 2000.0**2))
    return signal + ratio(2 * aspiration - 34) / float(noise.std()) * envelope * noise


def tilt(signal: Signal, slope: float) -> Signal:
    """Tilt the spectrum by `slope` dB per octave between 200 Hz and 8 kHz, keeping the energy."""

    def gain(frequency: Frequencies) -> Signal:
        return 10 ** (slope / 20 * np.log2(frequency.clip(200, 8000) / 1000))

    tilted = filtered(signal, gain)
    return tilted * rms(signal) / rms(tilted)


def filtered(signal: Signal, gain: Callable[[Frequencies], Signal]) -> Signal:
    """Multiply the spectrum by `gain`, a function of the frequency in Hz."""
    # A length of small factors, because the FFT of a length with a large one is ten times slower.
    length = -(-len(signal) // _FFT_STEP) * _FFT_STEP
    spectrum = np.fft.rfft(signal, length) * gain(np.fft.rfftfreq(length, 1 / RATE))
    return np.fft.irfft(spectrum, length)[: len(signal)]


def fade(signal: Signal, samples: int) -> Signal:
    """Fade in and out over `samples` at each end."""
    rising = np.sin(np.linspace(0, np.pi / 2, samples)) ** 2
    faded = signal.copy()
    faded[:samples] *= rising
    faded[-samples:] *= rising[::-1]
    return faded


def room(signal: Signal, level: float, random: RandomState) -> Signal:
    """Add a room's noise of `level` dB relative to full scale, falling towards high frequencies."""
    noise = random.normal(0, 1, len(signal) + 1)
    falling = (noise[1:] + 0.8 * noise[:-1]) / math.hypot(1, 0.8)
    return signal + ratio(level) * falling


def limit(signal: Signal) -> Signal:
    """Turn the clip down if its peak is above `PEAK`."""
    return signal * min(1.0, PEAK / float(np.abs(signal).max()))
