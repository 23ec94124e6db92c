"""What a user might pick for features instead: librosa, torch with a dense bank, openSMILE."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import librosa
import numpy as np
import torch
from common import Options, Row, in_turn
from extraction import spread
from numpy.typing import NDArray
from straightforward import fixed

from serflow.sound.audio import read_wav
from serflow.sound.bands import EDGES, features, frequencies
from serflow.sound.cepstra import mfcc
from serflow.sound.mel import filter_bank
from serflow.sound.spectra import Analysis, mel_spectrogram

CLIPS = 12
ROUNDS = 3
ANALYSIS = Analysis()
Clip = tuple[NDArray[np.float32], int]
Found = dict[str, NDArray[np.float32]]


def measure(options: Options) -> list[Row]:
    """Measure each peer on the same decoded clips, after comparing the results."""
    clips = [
        (recording.samples, recording.rate)
        for recording in map(read_wav, spread(sorted(options.clips.rglob("*.wav")), CLIPS))
    ]
    torch.set_num_threads(1)
    rate = clips[0][1]
    dense = torch.from_numpy(filter_bank(rate, ANALYSIS.n_fft, ANALYSIS.n_mels).toarray())
    same: dict[str, Callable[[Clip], Found]] = {
        "librosa as is, features without loops": by_librosa,
        "torch.stft, dense filter bank, features without loops": lambda clip: by_torch(clip, dense),
    }
    with warnings.catch_warnings():
        # librosa warns once a clip of bands narrower than a bin.
        warnings.simplefilter("ignore")
        for what, way in same.items():
            compare(what, way(clips[0]), ours(clips[0]))
        ways: dict[str, Callable[[Clip], object]] = {"ours": ours, **same}
        other = opensmile_way()
        if other:
            ways["openSMILE eGeMAPSv02 functionals (other features, 88 numbers)"] = other
        else:
            print("openSMILE is not installed: pip install -c constraints.txt -e '.[peers]'")
        times = in_turn({name: over(clips, way) for name, way in ways.items()}, ROUNDS)
    note = f"mel spectrogram, SC, SBW, SBE, 12 MFCC in memory; {len(clips)} clips, {ROUNDS} rounds"
    return [
        Row(
            "peers",
            name,
            "ms/clip, core",
            times["ours"] / len(clips),
            value / len(clips),
            note=note,
        )
        for name, value in times.items()
        if name != "ours"
    ]


def over(clips: list[Clip], way: Callable[[Clip], object]) -> Callable[[], None]:
    """Return a call that extracts every clip."""

    def work() -> None:
        for clip in clips:
            way(clip)

    return work


def ours(clip: Clip) -> Found:
    """Extract with the library, all 40 coefficients as the rule does."""
    samples, rate = clip
    power = mel_spectrogram(samples, rate, ANALYSIS, 2)
    scale = frequencies("band", ANALYSIS.n_mels, rate)
    return {"mel": power, **features(power, EDGES, scale), "mfcc": mfcc(samples, rate)[:12]}


def by_librosa(clip: Clip) -> Found:
    """Extract with librosa's calls, and the sub-bands' sums by numpy."""
    samples, rate = clip
    hop = int(rate * ANALYSIS.hop_seconds)
    power = librosa.feature.melspectrogram(
        y=samples, sr=rate, n_fft=ANALYSIS.n_fft, hop_length=hop, n_mels=ANALYSIS.n_mels, power=2
    )
    coefficients = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=12, hop_length=hop)
    return {"mel": fixed(power), **spectral(fixed(power)), "mfcc": fixed(coefficients)}


def by_torch(clip: Clip, bank: torch.Tensor) -> Found:
    """Transform with torch, the filter bank built once and dense; torch itself has no MFCC."""
    samples, rate = clip
    transformed = torch.stft(
        torch.from_numpy(samples),
        ANALYSIS.n_fft,
        int(rate * ANALYSIS.hop_seconds),
        window=torch.hann_window(ANALYSIS.n_fft),
        pad_mode="constant",
        return_complex=True,
    )[:, : ANALYSIS.frames]
    power = fixed((bank @ transformed.abs().square()).numpy())
    return {"mel": power, **spectral(power)}


def spectral(power: NDArray[np.float32]) -> Found:
    """SC, SBW and SBE of all frames at once, one sub-band after the other."""
    found: dict[str, list[NDArray[np.float64]]] = {"sc": [], "sbw": [], "sbe": []}
    whole = power.astype(np.float64)
    total = whole.sum(axis=0)
    for first, last in EDGES:
        f = np.arange(first, last + 1)[:, None]
        p = whole[first : last + 1]
        energy = np.maximum(p.sum(axis=0), np.finfo(float).tiny)
        centroid = (f * p).sum(axis=0) / energy
        found["sc"].append(centroid)
        found["sbw"].append(((f - centroid) ** 2 * p).sum(axis=0) / energy)
        found["sbe"].append(p.sum(axis=0) / np.maximum(total, np.finfo(float).tiny))
    return {kind: np.array(rows, np.float32) for kind, rows in found.items()}


def opensmile_way() -> Callable[[Clip], object] | None:
    """Return openSMILE's extractor, or None where it is not installed."""
    try:
        import opensmile
    except ImportError:
        return None
    smile = opensmile.Smile(
        feature_set=opensmile.FeatureSet.eGeMAPSv02,
        feature_level=opensmile.FeatureLevel.Functionals,
    )
    return lambda clip: smile.process_signal(clip[0] / 32768, clip[1])


def compare(what: str, theirs: Found, mine: Found) -> None:
    """Stop unless a peer finds the same."""
    for kind, expected in theirs.items():
        if not np.allclose(mine[kind], expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max()):
            raise SystemExit(f"{what}: {kind} differs from ours; no time is told")
