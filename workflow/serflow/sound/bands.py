"""Complementary spectral features of sub-bands: centroid (SC), bandwidth (SBW) and energy (SBE).

After Hosseinzadeh & Krishnan 2008, EURASIP J. Adv. Signal Process., with the mel spectrogram's
bands in place of the spectrum's bins, as the laboratory sheet has it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError
from serflow.sound.mel_scale import centres

# The laboratory sheet's sub-bands, in mel bands, both ends included.
EDGES = ((300, 627), (628, 1060), (1061, 1633), (1634, 2393), (2394, 3400))


def frequencies(meaning: str, n_mels: int, rate: int) -> NDArray[np.float64]:
    """What stands for f in the features: one value for every mel band, ascending.

    Parameters
    ----------
    meaning
        ``"band"``: the band's index (the laboratory sheet); ``"hz"``: its centre in Hz (the paper).
    n_mels
        Number of mel bands.
    rate
        Sampling rate in Hz.

    Returns
    -------
    array of shape (n_mels,), float64

    Raises
    ------
    UserError
        If `meaning` is neither.
    """
    if meaning == "band":
        return np.arange(n_mels, dtype=np.float64)
    if meaning == "hz":
        return centres(rate, n_mels)
    raise UserError(f"features.frequency: {meaning!r} is not known; give 'band' or 'hz'")


def locate(
    edges: Sequence[Sequence[float]], frequencies: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Find the mel bands of every sub-band.

    Parameters
    ----------
    edges
        First and last frequency of every sub-band, both included, in the unit of `frequencies`.
    frequencies
        The mel bands' frequencies, ascending, shape (n_mels,).

    Returns
    -------
    list of (start, stop)
        Half-open ranges of mel bands.

    Raises
    ------
    UserError
        If the sub-bands are not pairs, not ascending, overlap, leave the mel bands' range or hold
        no mel band.
    """
    if not edges:
        raise UserError("features.bands: no sub-band is given; give one pair [first, last] or more")
    top = frequencies[-1]
    end = -np.inf
    ranges = []
    for pair in edges:
        if len(pair) != 2:
            raise UserError(f"features.bands: {list(pair)} is not a pair [first, last]")
        low, high = pair
        if not low <= high:
            raise UserError(f"features.bands: [{low}, {high}] ends before it starts; swap its ends")
        if low <= end:
            raise UserError(
                f"features.bands: [{low}, {high}] does not start beyond {end}, where the one "
                "before it ends; both ends belong to a sub-band, so list them ascending and apart"
            )
        if low < 0 or high > top:
            raise UserError(
                f"features.bands: [{low}, {high}] leaves the range of the mel bands, 0 to {top:g}; "
                "narrow it, or raise the number of mel bands or the sampling rate"
            )
        start = int(np.searchsorted(frequencies, low, side="left"))
        stop = int(np.searchsorted(frequencies, high, side="right"))
        if start == stop:
            raise UserError(f"features.bands: no mel band lies in [{low}, {high}]; widen it")
        ranges.append((start, stop))
        end = high
    return ranges


def features(
    mel_power: NDArray[np.float32],
    edges: Sequence[Sequence[float]],
    frequencies: NDArray[np.float64],
) -> dict[str, NDArray[np.float32]]:
    """SC, SBW and SBE of every sub-band and frame.

    With P the mel power and f the frequency, per sub-band and frame: SC = Σ f·P / Σ P,
    SBW = Σ (f − SC)²·P / Σ P, SBE = Σ P / Σ over all mel bands of P. Where a denominator is zero
    the feature is zero.

    Parameters
    ----------
    mel_power
        Mel power spectrogram, shape (n_mels, frames).
    edges
        First and last frequency of every sub-band, both included, in the unit of `frequencies`.
    frequencies
        The mel bands' frequencies, shape (n_mels,); see `frequencies`.

    Returns
    -------
    dict of arrays of shape (len(edges), frames), float32
        ``sc`` in the unit of `frequencies`, ``sbw`` in its square, ``sbe`` between 0 and 1.

    Raises
    ------
    UserError
        If the sub-bands do not fit the mel bands; see `locate`.
    """
    ranges = locate(edges, frequencies)
    power = np.asarray(mel_power, dtype=np.float64)
    shape = (len(ranges), power.shape[1])
    sc, sbw, energy = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for b, (start, stop) in enumerate(ranges):
        # Moments about the sub-band's middle: about zero, the variance would lose digits to f².
        f = frequencies[start:stop]
        middle = (f[0] + f[-1]) / 2
        offsets = f - middle
        moments = np.stack([np.ones_like(f), offsets, offsets**2]) @ power[start:stop]
        energy[b] = moments[0]
        mean = _ratio(moments[1], moments[0])
        sbw[b] = np.maximum(_ratio(moments[2], moments[0]) - mean**2, 0.0)
        sc[b] = np.where(moments[0] > 0, np.clip(middle + mean, f[0], f[-1]), 0.0)
    sbe = _ratio(energy, np.broadcast_to(power.sum(axis=0), shape))
    return {
        "sc": sc.astype(np.float32),
        "sbw": sbw.astype(np.float32),
        "sbe": sbe.astype(np.float32),
    }


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotient, zero where the denominator is."""
    quotient = np.zeros_like(numerator)
    return np.divide(numerator, denominator, out=quotient, where=denominator > 0)
