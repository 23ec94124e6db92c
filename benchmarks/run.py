"""Measure extraction against a straightforward script, clip by clip, and print ratios.

    make bench
    .venv/bin/python benchmarks/run.py --clips path/to/wavs --number 20

Without recordings it synthesizes some at 48 kHz. Both ways run in this process on one thread over
the same clips, in turn, so that a busy machine slows both; their results are compared before any
time is told. The table goes to benchmarks/results/extraction.tsv with the machine's description.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import librosa
import numpy as np
from pydub import AudioSegment

from serflow.sound import features
from serflow.sound.audio import read_wav
from serflow.sound.bands import EDGES, frequencies
from serflow.sound.bands import features as band_features
from serflow.sound.cepstra import mfcc
from serflow.sound.images import image, write_png
from serflow.sound.spectra import Analysis, mel_spectrogram
from serflow.synthesis.corpus import synthesize
from serflow.tables import write_tsv

RESULTS = Path(__file__).parent / "results"
ANALYSIS = Analysis()


def straightforward(path: Path, folder: Path) -> dict[str, Any]:
    """Do what a script does that follows the laboratory sheet line by line."""
    segment = AudioSegment.from_file(path)
    rate = segment.frame_rate
    samples = np.array(segment.set_channels(1).get_array_of_samples()).astype(np.float32)
    hop = int(rate * 0.015)
    options = {"y": samples, "sr": rate, "n_mels": 3401, "n_fft": 16384, "hop_length": hop}
    power = librosa.util.fix_length(librosa.feature.melspectrogram(**options, power=2), size=200)
    np.save(folder / "mel.npy", power)
    found = {kind: np.zeros((5, 200), np.float32) for kind in ("sc", "sbw", "sbe")}
    total = power.sum(axis=0, dtype=np.float64)
    for b, (first, last) in enumerate(EDGES):
        f = np.arange(first, last + 1)
        for t in range(200):
            p = power[first : last + 1, t].astype(np.float64)
            if p.sum() > 0:
                found["sc"][b, t] = sc = (f * p).sum() / p.sum()
                found["sbw"][b, t] = ((f - sc) ** 2 * p).sum() / p.sum()
            if total[t] > 0:
                found["sbe"][b, t] = p.sum() / total[t]
    coefficients = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=12, hop_length=hop)
    found["mfcc"] = librosa.util.fix_length(coefficients, size=200)
    magnitude = librosa.util.fix_length(
        librosa.feature.melspectrogram(**options, power=1), size=200
    )
    level = np.log(magnitude + 1e-9)
    pixels = ((level - level.min()) / (level.max() - level.min()) * 255).astype(np.uint8)
    cv2.imwrite(str(folder / "image.png"), pixels)
    return found


def ours(path: Path, folder: Path) -> dict[str, Any]:
    """Do the same by the library, as the rules do."""
    recording = read_wav(path)
    power = mel_spectrogram(recording.samples, recording.rate, ANALYSIS, power=2)
    np.save(folder / "mel.npy", power)
    found = dict(band_features(power, EDGES, frequencies("band", 3401, recording.rate)))
    coefficients = mfcc(recording.samples, recording.rate, 0.015, 200, features.COEFFICIENTS)
    found["mfcc"] = coefficients[:12]
    recording = read_wav(path)
    magnitude = mel_spectrogram(recording.samples, recording.rate, ANALYSIS, power=1)
    write_png(folder / "image.png", image(magnitude))
    return found


def main() -> None:
    """Measure, compare, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, help="a folder of WAVs, any nesting")
    parser.add_argument("--number", type=int, default=16, help="how many clips (default 16)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source = given.clips
        if source is None:
            source = folder / "wavs"
            synthesize(source, speakers=4, repetitions=1, intensities=1, rate=48000, seed=0)
        paths = sorted(source.rglob("*.wav"))[: given.number]
        if not paths:
            sys.exit(f"{source} holds no WAV")
        times: dict[str, list[float]] = {"straightforward": [], "ours": []}
        # The first clip pays imports, compilation and the filter bank; it is not counted.
        for path in [paths[0], *paths]:
            found = {}
            for name, way in (("straightforward", straightforward), ("ours", ours)):
                found[name] = timed(way, path, folder, times[name])
            check(found["straightforward"], found["ours"], path)
    report({name: values[1:] for name, values in times.items()})


def timed(way: Callable[..., Any], path: Path, folder: Path, times: list[float]) -> Any:
    """Run one way on one clip and note its milliseconds of processor time."""
    start = time.process_time()
    result = way(path, folder)
    times.append(1000 * (time.process_time() - start))
    return result


def check(theirs: dict[str, Any], mine: dict[str, Any], path: Path) -> None:
    """Stop unless both ways found the same."""
    for kind, expected in theirs.items():
        scale = np.abs(expected).max()
        if not np.allclose(mine[kind], expected, rtol=1e-3, atol=1e-4 * scale):
            sys.exit(f"{path}: {kind} differs between the two ways; no time is told")


def report(times: dict[str, list[float]]) -> None:
    """Print the table and store it."""
    base = statistics.median(times["straightforward"])
    python = platform.python_version()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {python}"
    rows = [
        {
            "way": name,
            "clips": len(values),
            "median_ms_per_clip": statistics.median(values),
            "share_of_straightforward": statistics.median(values) / base,
            "machine": machine,
        }
        for name, values in times.items()
    ]
    for row in rows:
        faster = 1 / row["share_of_straightforward"]
        print(f"{row['way']:16} {row['median_ms_per_clip']:8.1f} ms a clip, 1/{faster:.1f}")
    write_tsv(RESULTS / "extraction.tsv", rows, list(rows[0]))
    print(f"stored in {RESULTS / 'extraction.tsv'}")


if __name__ == "__main__":
    main()
