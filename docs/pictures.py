"""The pictures of docs/tutorial.md, of the demonstration corpus and its report.

``python docs/pictures.py`` draws them into docs/images/, once report and dag of results/demo are
made. The screen needs Debian's Chromium.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray
from PIL import Image

from serflow.figures.colours import MUTED, PALETTE
from serflow.figures.spectrograms import band_at, decibels
from serflow.figures.style import WIDTH, save, themed
from serflow.sound.audio import Recording, read_wav
from serflow.sound.bands import features, frequencies
from serflow.sound.spectra import Analysis, mel_spectrogram
from serflow.tables import read_tsv

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "results" / "demo"
IMAGES = ROOT / "docs" / "images"
BANDS = ((300, 627), (628, 1060), (1061, 1633), (1634, 2393), (2394, 3400))
COLOURS = (*PALETTE[:4], PALETTE[6])
ANALYSIS = Analysis()
# One speaker, one sentence, normal intensity; the third number is the emotion.
LABELS = {"Angry": "05", "Calm": "02", "Happy": "03", "Sad": "04"}
# Figures of the report, as they are.
TAKEN = {
    "figures/confusion/svm_sbe.svg": "tutorial-confusion.svg",
    "figures/curves/cnn1d.svg": "tutorial-curves.svg",
    "dag/rulegraph.svg": "tutorial-rulegraph.svg",
}


def main() -> None:
    """Draw and copy all pictures."""
    angry = clip("Angry")
    write(waveform(angry), "tutorial-wav.png")
    write(labels({label: clip(label) for label in LABELS}), "tutorial-labels.png")
    write(sub_bands(angry), "tutorial-features.png")
    clips, splits = read_tsv(DEMO / "clips.tsv"), read_tsv(DEMO / "splits.tsv")
    write(folds(clips, splits), "tutorial-folds.png")
    for source, name in TAKEN.items():
        shutil.copyfile(DEMO / source, IMAGES / name)
    screen(IMAGES / "tutorial-report.png")


def write(figure: Figure, name: str) -> None:
    """Write a picture that is small enough for a page: 960 points wide, 200 colours."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, name)
        save(figure, whole)
        with Image.open(whole) as picture:
            size = (960, round(960 * picture.height / picture.width))
            small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    small.quantize(200, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)


def screen(path: Path) -> None:
    """Take the first screen of the report, as a browser shows it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1280, "height": 960}, color_scheme="light")
        page.goto((DEMO / "report" / "report.html").as_uri(), wait_until="networkidle")
        page.screenshot(path=path)
        browser.close()
    with Image.open(path) as picture:
        colours = Image.Quantize.MAXCOVERAGE  # of thin lines, too
        small = picture.convert("RGB").quantize(256, colours, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def clip(label: str) -> Recording:
    """Read the sentence that speaker 31 says with `label`."""
    return read_wav(DEMO / f"wavs/Train/{label}/03-01-{LABELS[label]}-01-01-01-31.wav")


def power(recording: Recording) -> NDArray[np.float32]:
    """Return the mel power spectrogram, shape (3401, 200)."""
    return mel_spectrogram(recording.samples, recording.rate, ANALYSIS, power=2)


@themed
def waveform(recording: Recording) -> Figure:
    """Draw a whole recording, 25 ms of it, and the spectrum of these."""
    samples, rate = recording.samples, recording.rate
    length = rate // 40
    loudest = int(np.argmax(np.abs(samples)))
    start = max(loudest - length // 2, 0)
    frame = samples[start : start + length]
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    grid = figure.add_gridspec(2, 2)
    whole, near, spectrum = (
        figure.add_subplot(grid[0, :]),
        figure.add_subplot(grid[1, 0]),
        figure.add_subplot(grid[1, 1]),
    )
    whole.plot(np.arange(samples.size) / rate, samples, color=PALETTE[0], linewidth=0.4)
    whole.axvspan(start / rate, (start + length) / rate, color=PALETTE[1], alpha=0.6, linewidth=0)
    whole.set(title="The recording", xlabel="time (s)", ylabel="sample")
    near.plot(np.arange(length) * 1000 / rate, frame, color=PALETTE[1], linewidth=0.8)
    near.set(title="25 ms of it", xlabel="time (ms)", ylabel="sample")
    size = 4096
    magnitude = np.abs(np.fft.rfft(frame * np.hanning(length), size))
    hertz = np.fft.rfftfreq(size, 1 / rate)
    spectrum.plot(
        hertz / 1000,
        20 * np.log10(magnitude / magnitude.max() + 1e-6),
        color=PALETTE[1],
        linewidth=0.8,
    )
    spectrum.set(
        title="The spectrum of the 25 ms",
        xlabel="frequency (kHz)",
        ylabel="level (dB)",
        ylim=(-70, 3),
    )
    return figure


@themed
def labels(recordings: dict[str, Recording]) -> Figure:
    """Draw the mel spectrograms of one sentence with each label."""
    figure = Figure(figsize=(WIDTH, 4.0), layout="constrained")
    spectrograms = {label: power(recording) for label, recording in recordings.items()}
    loudest = max(float(mel.max()) for mel in spectrograms.values())
    panels = figure.subplots(2, 2, sharex=True, sharey=True).ravel()
    for axes, (label, mel) in zip(panels, spectrograms.items(), strict=True):
        _show(axes, mel, loudest, recordings[label].rate)
        axes.set_title(label)
        axes.label_outer()
    figure.colorbar(panels[0].images[0], ax=panels, label="power (dB)", shrink=0.7)
    return figure


@themed
def sub_bands(recording: Recording) -> Figure:
    """Draw a mel spectrogram with the five sub-bands, and two of their features over time."""
    mel = power(recording)
    found = features(mel, BANDS, frequencies("band", len(mel), recording.rate))
    seconds = np.arange(ANALYSIS.frames) * ANALYSIS.hop_seconds
    # Behind the recording's end there is nothing.
    there = seconds <= recording.samples.size / recording.rate
    figure = Figure(figsize=(WIDTH, 4.6), layout="constrained")
    top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=(1.4, 1, 1))
    _show(top, mel, float(mel.max()), recording.rate)
    for (first, last), colour in zip(BANDS, COLOURS, strict=True):
        top.axhspan(first, last, xmin=0.985, color=colour, linewidth=0)
    top.set_title("Mel spectrogram; at its right edge the five sub-bands")
    for number, colour in zip(range(len(BANDS)), COLOURS, strict=True):
        middle.plot(seconds[there], found["sbe"][number, there], color=colour, linewidth=0.9)
        bottom.plot(seconds[there], found["sc"][number, there], color=colour, linewidth=0.9)
    names = [f"sub-band {number + 1}" for number in range(len(BANDS))]
    middle.legend(names, loc="upper left", bbox_to_anchor=(0.93, 1.0), labelspacing=0.2)
    middle.set(title="SBE: share of each sub-band in the energy", ylabel="share")
    bottom.set(title="SC: where in each sub-band the energy lies", ylabel="mel band")
    bottom.set_xlabel("time (s)")
    return figure


@themed
def folds(clips: Sequence[dict[str, str]], splits: Sequence[dict[str, str]]) -> Figure:
    """Draw which speaker is on which side of which fold."""
    speaker_of = {row["clip"]: row["speaker"] for row in clips}
    speakers = sorted(set(speaker_of.values()))
    numbers = sorted({int(row["fold"]) for row in splits})
    colours = {"train": PALETTE[0], "validation": PALETTE[4], "test": PALETTE[1]}
    figure = Figure(figsize=(WIDTH, 1.9), layout="constrained")
    axes = figure.subplots()
    seen: dict[tuple[int, str], set[str]] = {}
    for row in splits:
        seen.setdefault((int(row["fold"]), speaker_of[row["clip"]]), set()).add(row["role"])
    for (fold, speaker), roles in seen.items():
        (role,) = roles
        axes.barh(fold, 0.94, left=speakers.index(speaker) - 0.47, height=0.86, color=colours[role])
    axes.set_xticks(range(len(speakers)), speakers)
    axes.set_yticks(numbers, [f"fold {number}" for number in numbers])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("speaker")
    handles = [Patch(color=colour, label=role) for role, colour in colours.items()]
    axes.legend(handles=handles, ncols=1, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def _show(axes: Axes, mel: NDArray[np.float32], reference: float, rate: int) -> None:
    shown: Any = decibels(mel, reference, 90.0)
    axes.imshow(
        shown,
        origin="lower",
        aspect="auto",
        cmap="magma",
        extent=(0, ANALYSIS.frames * ANALYSIS.hop_seconds, 0, len(mel)),
    )
    ticks = (200, 500, 1000, 2000, 5000, 10000)
    places = [(band_at(hertz, len(mel), rate), hertz) for hertz in ticks if hertz < rate / 2]
    axes.set_yticks([place for place, _ in places], [f"{hertz / 1000:g}" for _, hertz in places])
    axes.tick_params(colors=MUTED)
    axes.set(xlabel="time (s)", ylabel="frequency (kHz)")


if __name__ == "__main__":
    main()
