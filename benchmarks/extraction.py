"""Extraction: core time per clip from the WAV to the stored spectrogram, features and image.

Ours is what the jobs of a shard run: their scripts, in this process. Beside it a script that
follows the laboratory sheet line by line, and the floor: transforming the kept frames, encoding the
same PNGs and writing the same bytes, and nothing else.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import scipy.fft
from common import PROJECT, Options, Row, in_turn
from straightforward import extract

from serflow.sound.audio import read_wav
from serflow.sound.bands import EDGES
from serflow.sound.frames import hop_length
from serflow.sound.images import read_png
from serflow.sound.spectra import Analysis

CLIPS = 12
ROUNDS = 3
ANALYSIS = Analysis()
LABEL = "Any"
IMAGES = {"power": 1, "log_offset": 1e-9}
TRANSFORMS = """
import statistics, sys, time
from serflow.heap import keep_freed_memory
from serflow.sound.audio import read_wav
from serflow.sound.spectra import Analysis, mel_spectrograms

{prepare}
clips = [read_wav(path) for path in sys.argv[1:]]
times = []
for clip in [clips[0], *3 * clips]:
    start = time.process_time()
    mel_spectrograms(clip.samples, clip.rate, Analysis(), (2, 1))
    times.append(1000 * (time.process_time() - start))
print(statistics.median(times[1:]))
"""


class Inputs(list[str]):
    """No input files, as of a corpus that is there already; spectrograms by name."""

    def __init__(self, spectrograms: str) -> None:
        super().__init__()
        self.spectrograms = spectrograms
        self.recordings = None


def measure(options: Options) -> list[Row]:
    """Measure all three ways on the same clips, after comparing what they find."""
    paths = spread(sorted(options.clips.rglob("*.wav")), CLIPS)
    simple, mine = options.folder / "simple", options.folder / "ours"
    straightforward = partial(by_sheet, paths, simple)
    shard = partial(our_jobs, paths, mine)
    straightforward()
    shard()
    compare(paths, simple, mine)
    times = in_turn(
        {
            "straightforward": straightforward,
            "ours": shard,
            "floor": floor(paths, options.folder),
            "features": partial(features_alone, paths, mine, kept=True),
            "all features": partial(features_alone, paths, mine, kept=False),
        },
        ROUNDS,
    )
    each = {way: value / len(paths) for way, value in times.items()}
    kept = sum(path.stat().st_size for path in mine.rglob("*") if path.is_file()) / len(paths)
    held = each["ours"] <= each["straightforward"] / 20 and each["ours"] <= 2 * each["floor"]
    return [
        Row(
            "extraction",
            "WAV → mel spectrogram, SC, SBW, SBE, MFCC and PNG, stored",
            "ms/clip, core",
            each["ours"],
            each["straightforward"],
            each["floor"],
            "straightforward / 20 and 2 × floor",
            held,
            f"{len(paths)} clips at 48 kHz, median of {ROUNDS} rounds in turn, imports not counted",
        ),
        Row(
            "extraction",
            "disk kept: spectrogram, features and image",
            "MB/clip",
            kept / 1e6,
            limit="3.5 MB",
            held=kept <= 3.5e6,
        ),
        Row(
            "extraction",
            "SC, SBW and SBE again after a change of the sub-bands",
            "ms/clip, core",
            each["features"],
            each["all features"],
            note="simple: with `spectrogram: {keep: false}`, which keeps 0.3 MB a clip",
        ),
        Row(
            "extraction",
            "mel spectrograms with both exponents",
            "ms/clip, core",
            transforms_alone(paths, kept=True),
            transforms_alone(paths, kept=False),
            note="simple: glibc gives freed memory back, as it does by default",
        ),
    ]


def spread(paths: list[Path], number: int) -> list[Path]:
    """Pick `number` paths spread over all, so that speakers and labels are mixed."""
    return [paths[i * len(paths) // number] for i in range(min(number, len(paths)))]


def our_jobs(paths: list[Path], folder: Path) -> None:
    """Run the scripts of one shard's jobs, as the rules call them."""
    place = str(folder / "handover" / "0-0.npy")
    # As in a first run, in which nothing was begun yet.
    Path(place).with_name("0.txt").unlink(missing_ok=True)
    run = partial(run_script, paths=paths)
    left = {"path": place, "images": IMAGES}
    run("spectrograms", output=[str(folder / "spectrograms")], handover=left)
    features_alone(paths, folder, kept=True)
    run("cepstra", output=[str(folder / "cepstra.npz")])
    run("image_shard", output=[str(folder / "images" / LABEL / "0")], handover=place)


def features_alone(paths: list[Path], folder: Path, kept: bool) -> None:
    """Run the jobs that a changed sub-band costs; without kept spectrograms these come first."""
    spectrograms = str(folder / "spectrograms")
    if not kept:
        run_script("spectrograms", paths, output=[spectrograms])
    run_script("band_features", paths, output=[str(folder / "bands.npz")], read=spectrograms)


def run_script(
    name: str, paths: list[Path], output: list[str], handover: Any = None, read: str = ""
) -> None:
    """Call a script's `main` with what Snakemake would give it."""
    rows = [{"clip": f"{i:03d}", "path": str(path), "label": LABEL} for i, path in enumerate(paths)]
    cfg = {
        **{f"spectrogram.{name}": getattr(ANALYSIS, name) for name in vars(ANALYSIS)},
        "spectrogram.power": 2,
        "features.bands": EDGES,
        "features.frequency": "band",
        "images": IMAGES,
    }
    main_of(name)(
        SimpleNamespace(
            output=output,
            input=Inputs(read),
            params=SimpleNamespace(rows=rows, cfg=cfg, handover=handover),
        )
    )


def main_of(name: str) -> Callable[[Any], None]:
    """Import a script of the workflow."""
    path = PROJECT / "workflow" / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"script_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    main: Callable[[Any], None] = module.main
    return main


def by_sheet(paths: list[Path], folder: Path) -> None:
    """Extract every clip by the straightforward script."""
    for i, path in enumerate(paths):
        extract(path, folder / f"{i:03d}")


def transforms_alone(paths: list[Path], kept: bool) -> float:
    """Milliseconds a clip, in a process that keeps its freed memory or one that does not."""
    program = TRANSFORMS.format(prepare="keep_freed_memory()" if kept else "")
    command = [sys.executable, "-W", "ignore", "-c", program, *map(str, paths)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "workflow")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def compare(paths: list[Path], simple: Path, mine: Path) -> None:
    """Stop unless both ways stored the same."""
    bands, cepstra = np.load(mine / "bands.npz"), np.load(mine / "cepstra.npz")
    for i, path in enumerate(paths):
        theirs = simple / f"{i:03d}"
        pairs = {
            "mel": np.load(mine / "spectrograms" / f"{i:03d}.npy"),
            **{kind: bands[kind][i] for kind in ("sc", "sbw", "sbe")},
            "mfcc": cepstra["mfcc"][i][:12],
        }
        for kind, found in pairs.items():
            expected = np.load(theirs / f"{kind}.npy")
            scale = np.abs(expected).max()
            if not np.allclose(found, expected, rtol=1e-3, atol=1e-4 * scale):
                raise SystemExit(f"{path}: {kind} differs between the two ways; no time is told")
        image = read_png(mine / "images" / LABEL / "0" / f"{i:03d}.png").astype(int)
        # Where the logarithm falls on a step of the grey scale, rounding decides.
        if np.abs(image - read_png(theirs / "image.png")).max() > 1:
            raise SystemExit(f"{path}: the image differs between the two ways; no time is told")


def floor(paths: list[Path], folder: Path) -> Callable[[], None]:
    """Return the least that any way has to do: transforms, encoding, writing.

    The windows lie ready, and so do the arrays and bytes to be written.
    """
    rate = read_wav(paths[0]).rate
    hop = hop_length(rate, ANALYSIS.hop_seconds)
    windows = []
    for path in paths:
        samples = read_wav(path).samples
        padded = np.zeros((ANALYSIS.frames - 1) * hop + ANALYSIS.n_fft, np.float32)
        used = min(samples.size, padded.size - ANALYSIS.n_fft // 2)
        padded[ANALYSIS.n_fft // 2 :][:used] = samples[:used]
        frames = np.lib.stride_tricks.sliding_window_view(padded, ANALYSIS.n_fft)[::hop]
        windows.append(np.ascontiguousarray(frames * np.hanning(ANALYSIS.n_fft), np.float32))
    images = [
        read_png(folder / "ours" / "images" / LABEL / "0" / f"{i:03d}.png")
        for i in range(len(paths))
    ]
    spectrograms = [
        (folder / "ours" / "spectrograms" / f"{i:03d}.npy").read_bytes() for i in range(len(paths))
    ]
    features = [(folder / "ours" / name).read_bytes() for name in ("bands.npz", "cepstra.npz")]
    written = folder / "floor"
    written.mkdir()

    def work() -> None:
        for i, (frames, image, spectrogram) in enumerate(
            zip(windows, images, spectrograms, strict=True)
        ):
            # In blocks that stay in the cache.
            for start in range(0, ANALYSIS.frames, 32):
                scipy.fft.rfft(frames[start : start + 32], axis=1, workers=1)
            (written / f"{i}.npy").write_bytes(spectrogram)
            (written / f"{i}.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())
        for i, content in enumerate(features):
            (written / f"{i}.npz").write_bytes(content)

    return work
