"""What a script does that follows the laboratory sheet line by line."""

from __future__ import annotations

from pathlib import Path

import cv2
import librosa
import numpy as np
from pydub import AudioSegment

from serflow.sound.bands import EDGES

FRAMES = 200


def extract(path: Path, folder: Path) -> None:
    """Write a clip's mel spectrogram, SC, SBW, SBE, 12 MFCC and image to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    segment = AudioSegment.from_file(path)
    rate = segment.frame_rate
    samples = np.array(segment.set_channels(1).get_array_of_samples()).astype(np.float32)
    hop = int(rate * 0.015)
    options = {"y": samples, "sr": rate, "n_mels": 3401, "n_fft": 16384, "hop_length": hop}
    power = fixed(librosa.feature.melspectrogram(**options, power=2))
    np.save(folder / "mel.npy", power)
    for kind, matrix in spectral(power).items():
        np.save(folder / f"{kind}.npy", matrix)
    mfcc = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=12, hop_length=hop)
    np.save(folder / "mfcc.npy", fixed(mfcc))
    level = np.log(fixed(librosa.feature.melspectrogram(**options, power=1)) + 1e-9)
    pixels = ((level - level.min()) / (level.max() - level.min()) * 255).astype(np.uint8)
    cv2.imwrite(str(folder / "image.png"), pixels)


def fixed(matrix: np.ndarray) -> np.ndarray:
    """Cut to 200 frames, or fill with zeros."""
    return librosa.util.fix_length(matrix, size=FRAMES)


def spectral(power: np.ndarray) -> dict[str, np.ndarray]:
    """SC, SBW and SBE, by a loop over sub-bands and frames."""
    found = {kind: np.zeros((len(EDGES), FRAMES), np.float32) for kind in ("sc", "sbw", "sbe")}
    total = power.sum(axis=0, dtype=np.float64)
    for b, (first, last) in enumerate(EDGES):
        f = np.arange(first, last + 1)
        for t in range(FRAMES):
            p = power[first : last + 1, t].astype(np.float64)
            if p.sum() > 0:
                found["sc"][b, t] = sc = (f * p).sum() / p.sum()
                found["sbw"][b, t] = ((f - sc) ** 2 * p).sum() / p.sum()
            if total[t] > 0:
                found["sbe"][b, t] = p.sum() / total[t]
    return found
