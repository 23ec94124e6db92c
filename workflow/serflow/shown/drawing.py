"""The picture of a single clip, and its sound where that may be passed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from serflow.figures.clip_card import plot
from serflow.figures.small_png import save_small
from serflow.files import replacing
from serflow.sound import mp3
from serflow.sound.audio import read_wav
from serflow.sound.images import read_png
from serflow.sound.long_term import long_term_spectrum
from serflow.sound.spectra import Analysis, mel_spectrogram

MOST_SECONDS = 15.0
"""Seconds of a recording that are enough to hear."""
BUDGET = 2_000_000
"""Bytes of MP3 in the page, all players together: a page of many models holds other things too."""


def seconds_each(clips: int, audio: bool) -> float:
    """Return how many seconds of each of so many clips are kept."""
    return mp3.seconds_within(BUDGET, clips, MOST_SECONDS) if audio else MOST_SECONDS


def draw(
    wav: str | Path, image: str | Path, analysis: Analysis, place: Path, seconds: float, audio: bool
) -> dict[str, Any]:
    """Write a clip's picture, and its sound where it may be passed on.

    Parameters
    ----------
    wav
        The recording; no more of it is read than is needed.
    image
        What 2D networks read of it, a PNG.
    analysis
        How its mel spectrogram is taken.
    place
        The files' path without the suffix.
    seconds
        How much of the recording is kept as sound.
    audio
        Whether it is kept as sound.

    Returns
    -------
    dict
        `rate` in Hz, the `seconds` that are kept, and whether the recording is `cut` there.
    """
    recording = read_wav(wav, lambda rate: max(analysis.samples(rate), int(seconds * rate) + 1))
    rate, samples = recording.rate, recording.samples
    window = samples[: int(analysis.frames * analysis.hop_seconds * rate)]
    figure = plot(
        samples=window,
        rate=rate,
        mel=mel_spectrogram(samples, rate, analysis, power=2),
        hop_seconds=analysis.hop_seconds,
        spectrum=long_term_spectrum(window, rate),
        image=read_png(image),
    )
    save_small(figure, place.with_suffix(".png"))
    most = int(seconds * rate)
    if audio:
        with replacing(place.with_suffix(".mp3")) as temporary:
            temporary.write_bytes(mp3.encode(samples[:most], rate))
    return {
        "rate": rate,
        "seconds": round(min(len(samples), most) / rate, 3),
        "cut": len(samples) > most,
    }
