"""The steps from a recording to what a network reads, each with its numbers, and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from serflow import network_inputs
from serflow.networks.normalisation import FLOOR as SMALLEST
from serflow.sound.decibels import FLOOR, FULL_SCALE, RANGE_DB
from serflow.sound.frames import frame_count, hop_length
from serflow.sound.slopes import DELTA_FRAMES

Step = dict[str, Any]
Settings = Mapping[str, Any]


def steps(
    settings: Settings,
    extraction: Mapping[str, Any],
    input_shape: Sequence[int],
    rates: Sequence[int],
) -> list[Step]:
    """Return the steps up to what an ONNX file is given.

    Parameters
    ----------
    settings, extraction, input_shape, rates
        See `serflow.export.preprocessing.describe`.
    """
    told = [_read(), *_STEPS[network_inputs.kind(settings)](settings, extraction, rates)]
    if network_inputs.normalisation(settings) == "speaker":
        told.append(_speaker(len(input_shape)))
    return told


def _read() -> Step:
    return {
        "step": "read",
        "full_scale": int(FULL_SCALE),
        "words": "Decode to mono, the mean of the channels, as float32 on the scale of 16-bit "
        "integers: full scale is 32768, not 1.",
    }


def _signal(settings: Settings, extraction: Mapping[str, Any], rates: Sequence[int]) -> list[Step]:
    # Recordings at their own rate all have the same, or there would be no arrays of them.
    rate = settings["rate"] or rates[0]
    hop = hop_length(rate, extraction["spectrogram.hop_seconds"])
    samples = (extraction["spectrogram.frames"] + 1) * hop
    return [
        {
            "step": "resample",
            "rate": rate,
            "method": "soxr, quality HQ",
            "words": f"Resample to {rate} Hz, if the recording has another rate.",
        },
        {
            "step": "fit",
            "samples": samples,
            "words": f"Keep the first {samples} samples; fill a shorter signal with zeros at its "
            "end.",
        },
    ]


def _image(settings: Settings, extraction: Mapping[str, Any], _: Sequence[int]) -> list[Step]:
    height, width = settings["size"]
    frames = extraction["spectrogram.frames"]
    made = extraction["images"]
    return [
        {
            **_mel(extraction["spectrogram.n_fft"], extraction["spectrogram.n_mels"]),
            "hop_seconds": extraction["spectrogram.hop_seconds"],
            "power": made["power"],
            "words": "Mel spectrogram at the recording's own rate (it is not resampled): "
            f"magnitudes to the power of {made['power']:g}, frame t centred on sample "
            "t * hop, zeros beyond the ends. The hop is int(rate * hop_seconds) samples, the "
            "highest frequency rate / 2.",
        },
        {
            "step": "fit",
            "frames": frames,
            "words": f"Keep the first {frames} frames; fill a shorter spectrogram with zeros.",
        },
        {
            "step": "stretch",
            "log_offset": made["log_offset"],
            "levels": 255,
            "words": "Natural logarithm of the sum with log_offset, stretched linearly so that the "
            "clip's lowest value is 0 and its highest 255, rounded down to whole numbers. All "
            "zeros where all values are equal.",
        },
        {
            "step": "resize",
            "height": height,
            "width": width,
            "method": "Pillow, BILINEAR",
            "words": f"Resize the 8-bit image to {height} rows and {width} columns as Pillow's "
            "BILINEAR does (which averages where it shrinks), then give its whole numbers, 0 to "
            "255, as float32.",
        },
    ]


def _stft(settings: Settings, extraction: Mapping[str, Any], rates: Sequence[int]) -> list[Step]:
    signal = _signal(settings, extraction, rates)
    return [
        *signal,
        {
            **_transform(settings["n_fft"], settings["hop_length"], signal[-1]["samples"]),
            "words": "Short-time Fourier transform, of each value the squared magnitude; frame t "
            "is centred on sample t * hop, with zeros beyond the ends.",
        },
        {
            "step": "decibels",
            "floor": FLOOR,
            "below_loudest": RANGE_DB,
            "words": "10 * log10 of the power, of at least `floor`; less that of the clip's "
            f"highest; not below -{RANGE_DB:g}.",
        },
        _half(),
    ]


def _log_mel(settings: Settings, extraction: Mapping[str, Any], rates: Sequence[int]) -> list[Step]:
    return [*_bands(settings, extraction, rates), _half()]


def _mfcc(settings: Settings, extraction: Mapping[str, Any], rates: Sequence[int]) -> list[Step]:
    count = settings["n_mfcc"]
    return [
        *_bands(settings, extraction, rates),
        {
            "step": "cosines",
            "n_mfcc": count,
            "words": f"Orthonormal DCT-II over the bands; the first {count} coefficients stay.",
        },
        {
            "step": "deltas",
            "frames": DELTA_FRAMES,
            "words": f"Below them their slopes over time: of a line through {DELTA_FRAMES} frames, "
            "or as many as there are, an odd number; at the ends that of the first and last line.",
        },
    ]


def _bands(settings: Settings, extraction: Mapping[str, Any], rates: Sequence[int]) -> list[Step]:
    signal = _signal(settings, extraction, rates)
    hop = hop_length(settings["rate"], settings["hop_seconds"])
    transform = _transform(settings["n_fft"], hop, signal[-1]["samples"])
    return [
        *signal,
        {
            "step": "scale",
            "divisor": int(FULL_SCALE),
            "words": "Divide by 32768: from here on full scale is 1.",
        },
        {
            **transform,
            **_mel(settings["n_fft"], settings["n_mels"]),
            "power": 2,
            "words": "Mel power spectrogram; frame t is centred on sample t * hop, with zeros "
            "beyond the ends. The highest frequency is rate / 2.",
        },
        {
            "step": "decibels",
            "floor": FLOOR,
            "below_loudest": None,
            "words": "10 * log10 of the power, of at least `floor`.",
        },
    ]


def _transform(n_fft: int, hop: int, samples: int) -> Step:
    return {
        "step": "stft",
        "n_fft": n_fft,
        "hop_length": hop,
        "frames": frame_count(samples, n_fft, hop),
        "window": "Hann, periodic, n_fft samples",
        "centred": True,
    }


def _mel(n_fft: int, n_mels: int) -> Step:
    return {
        "step": "mel",
        "n_fft": n_fft,
        "n_mels": n_mels,
        "lowest_hz": 0,
        "window": "Hann, periodic, n_fft samples",
        "centred": True,
        "scale": "Slaney's mel scale, triangles of equal area (librosa's defaults)",
    }


def _half() -> Step:
    return {
        "step": "round",
        "dtype": "float16",
        "words": "Round to float16, as the clips were stored for training; then give it as "
        "float32.",
    }


def _speaker(axes: int) -> Step:
    of = "the values of each row" if axes == 2 else "all values"
    return {
        "step": "standardise_by_speaker",
        "smallest_deviation": SMALLEST,
        "words": f"Subtract mean and divide by standard deviation (at least {SMALLEST:g}) of "
        f"{of}, both over all clips of the same speaker: it takes several clips of one speaker.",
    }


_STEPS: dict[str, Callable[[Settings, Mapping[str, Any], Sequence[int]], list[Step]]] = {
    "signal": _signal,
    "image": _image,
    "stft": _stft,
    "log_mel": _log_mel,
    "mfcc": _mfcc,
}
