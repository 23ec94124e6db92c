"""One sound in every encoding has the features of its 16-bit file, within what encoding changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_wavs import RATE, encoded, name_of, put

from serflow.sound import audio, bands, cepstra
from serflow.sound.spectra import Analysis, mel_spectrograms

ANALYSIS = Analysis(n_fft=1024, hop_seconds=0.015, n_mels=40, frames=40)
EDGES = ((3, 12), (13, 25), (26, 39))
WIDTH = 13
SIGMA = 3000.0
# White noise: every band holds power, as every band of the encoding's error does.
SOUND = np.clip(np.random.default_rng(0).normal(0, SIGMA, RATE), -16000, 16000).astype(np.int16)

EXACT: list[dict[str, Any]] = [
    *({"format": "WAV", "subtype": kind} for kind in ("PCM_24", "PCM_32", "FLOAT", "DOUBLE")),
    {"format": "WAV", "subtype": "PCM_16", "endian": "BIG"},
    *({"format": "WAVEX", "subtype": kind} for kind in ("PCM_16", "PCM_24", "PCM_32", "FLOAT")),
    *({"format": "RF64", "subtype": kind} for kind in ("PCM_16", "PCM_24", "FLOAT", "DOUBLE")),
]
# Step between neighbouring values, on the 16-bit scale: 8 bits have 256 steps; A-law and µ-law have
# 16 in each octave, so a step is at most 1/16 of the value (root mean square: of SIGMA).
COARSE: list[tuple[dict[str, Any], float]] = [
    ({"format": "WAV", "subtype": "PCM_U8"}, 256.0),
    ({"format": "WAVEX", "subtype": "PCM_U8"}, 256.0),
    ({"format": "WAV", "subtype": "ULAW"}, SIGMA / 16),
    ({"format": "WAV", "subtype": "ALAW"}, SIGMA / 16),
    ({"format": "WAVEX", "subtype": "ULAW"}, SIGMA / 16),
    ({"format": "RF64", "subtype": "ALAW"}, SIGMA / 16),
]


def features(path: Path) -> dict[str, np.ndarray]:
    samples = audio.read_wav(path).samples
    power, magnitude = mel_spectrograms(samples, RATE, ANALYSIS, (2, 1))
    found = bands.features(power, EDGES, bands.frequencies("band", 40, RATE))
    return {**found, "mel": magnitude, "mfcc": cepstra.mfcc(samples, RATE, frames=40, n_mfcc=128)}


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> dict[str, np.ndarray]:
    folder = tmp_path_factory.mktemp("plain")
    return features(put(folder, encoded(SOUND, format="WAV", subtype="PCM_16")))


@pytest.mark.parametrize("options", EXACT, ids=name_of)
def test_what_holds_16_bits_gives_the_same_bits(tmp_path, plain, options):
    found = features(put(tmp_path, encoded(SOUND / 32768, **options)))
    for name, values in plain.items():
        assert np.array_equal(found[name], values), name


@pytest.mark.parametrize(("options", "step"), COARSE, ids=name_of)
def test_a_coarser_encoding_changes_features_by_its_quantisation(tmp_path, plain, options, step):
    """The bounds follow from the step Δ.

    The error of a sample is spread evenly over a step, so it is white with deviation Δ/√12, and its
    amplitude in a band, against the sound's, is about ε = Δ/(√12·σ); twice that is allowed for, as
    a band of a frame holds few bins. With ρ = 2ε + ε² the power of a band P changes by at most ρ·P
    (Cauchy-Schwarz). A weighted mean over a sub-band so changes by at most ρ/(1-ρ) times what its
    terms span, a mean square by twice that and the mean's own change squared.
    """
    found = features(put(tmp_path, encoded(SOUND / 32768, **options)))
    error = 2 * step / np.sqrt(12) / SIGMA
    power = 2 * error + error**2
    ratio = power / (1 - power)

    def change(name: str) -> np.ndarray:
        return np.abs(found[name] - plain[name])

    assert change("sc").max() <= WIDTH * ratio
    assert change("sbw").max() <= WIDTH**2 * (2 * ratio + ratio**2)
    assert change("sbe").max() <= 2 * ratio
    # Bands of a single bin can be near zero in a frame, so in the mean of the squares.
    assert np.sqrt(np.mean(change("mel") ** 2) / np.mean(plain["mel"] ** 2)) <= error
    # All 128 coefficients, which the orthonormal DCT makes of 128 decibel values, change as these
    # do: 10·log10(1 ± ρ).
    assert np.sqrt(np.mean(change("mfcc") ** 2)) <= -10 * np.log10(1 - power)
    # The bounds are no wider than they need be: the step is seen.
    assert np.sqrt(np.mean(change("mel") ** 2) / np.mean(plain["mel"] ** 2)) > error / 20
