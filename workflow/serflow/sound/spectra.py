"""Short-time Fourier transforms and mel spectrograms, of the kept frames only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from serflow.sound.frames import frame_count, hop_length
from serflow.sound.mel import filter_bank
from serflow.sound.sliding import Samples

# Frames are transformed in blocks of about this many samples: a block's buffers stay in the cache.
_BLOCK_SAMPLES = 2**19


@dataclass(frozen=True)
class Analysis:
    """How a mel spectrogram is taken; the defaults are the laboratory sheet's.

    Parameters
    ----------
    n_fft
        Length of the FFT and of the Hann window in samples.
    hop_seconds
        Distance between frames in seconds; the hop length is ``int(rate * hop_seconds)`` samples.
    n_mels
        Number of mel bands between 0 Hz and half the sampling rate.
    frames
        Number of frames kept; shorter clips are filled with zeros.
    """

    n_fft: int = 16384
    hop_seconds: float = 0.015
    n_mels: int = 3401
    frames: int = 200

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Analysis:
        """Take the configuration's keys ``spectrogram.n_fft`` and so on; others are passed over."""
        return cls(**{field.name: settings[f"spectrogram.{field.name}"] for field in fields(cls)})

    def samples(self, rate: int) -> int:
        """Return how many samples at `rate` Hz the kept frames hang on, from the beginning.

        Raises
        ------
        UserError
            If the hop is shorter than a sample.
        """
        hop = hop_length(rate, self.hop_seconds)
        return (self.frames - 1) * hop + self.n_fft - self.n_fft // 2


@lru_cache(maxsize=8)
def _window(n_fft: int) -> NDArray[np.float32]:
    """Periodic Hann window."""
    turns = np.arange(n_fft) / n_fft
    window = (0.5 - 0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)
    window.flags.writeable = False
    return window


def power_blocks(
    samples: Samples, n_fft: int, hop: int, frames: int
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Power spectra of the first `frames` centred frames, block by block.

    The clip is padded with zeros by half a window on either side, so frame t is centred on sample
    ``t * hop`` (librosa's ``center=True, pad_mode="constant"``).

    Parameters
    ----------
    samples
        An array of shape (samples,), or samples that are asked for from the beginning to the end.
    n_fft, hop
        FFT and hop length in samples.
    frames
        Number of frames, at most `frame_count`.

    Yields
    ------
    slice
        The frames of the block.
    array of shape (1 + n_fft // 2, frames of the block), float32
        Squared magnitudes. The buffer is used again for the next block.
    """
    block = max(1, min(frames, _BLOCK_SAMPLES // n_fft))
    half = n_fft // 2
    bins = 1 + half
    padded = np.empty((block - 1) * hop + n_fft, dtype=np.float32)
    stride = padded.strides[0]
    windows = as_strided(padded, (block, n_fft), (hop * stride, stride), writeable=False)
    windowed = np.empty((block, n_fft), dtype=np.float32)
    powers = np.empty(bins * block, dtype=np.float32)
    for start in range(0, frames, block):
        stop = min(start + block, frames)
        n = stop - start
        _fill(padded[: (n - 1) * hop + n_fft], samples, start * hop - half)
        np.multiply(windows[:n], _window(n_fft), out=windowed[:n])
        spectrum = scipy.fft.rfft(windowed[:n], axis=1, overwrite_x=True, workers=1)
        parts = spectrum.view(np.float32)
        np.square(parts, out=parts)
        # Turned on the way: the sparse product wants a bin's frames side by side.
        power = powers[: bins * n].reshape(bins, n)
        np.add(spectrum.real.T, spectrum.imag.T, out=power)
        yield slice(start, stop), power


def _fill(padded: NDArray[np.float32], samples: Samples, first: int) -> None:
    """Put the samples from number `first` on into `padded`, zeros where there are none."""
    before = max(0, -first)
    part = samples[first + before : first + padded.size]
    padded[:before] = 0
    padded[before : before + part.size] = part
    padded[before + part.size :] = 0


def mel_spectrograms(
    samples: NDArray[np.float32], rate: int, analysis: Analysis, powers: Sequence[float]
) -> list[NDArray[np.float32]]:
    """Mel spectrograms of one clip for several exponents, from one transform.

    Parameters
    ----------
    samples
        Shape (samples,), any length, mono.
    rate
        Sampling rate in Hz.
    analysis
        Window, hop, bands and frames.
    powers
        Exponents of the magnitude: 2 for power, 1 for magnitude.

    Returns
    -------
    list of arrays of shape (n_mels, frames), float32
        One for each of `powers`. Each equals ``librosa.feature.melspectrogram(y=samples, sr=rate,
        n_fft=…, hop_length=int(rate * hop_seconds), n_mels=…, power=…)``, cut or filled with zeros
        to `frames` frames.

    Raises
    ------
    UserError
        If the hop is shorter than a sample.
    """
    hop = hop_length(rate, analysis.hop_seconds)
    bank = filter_bank(rate, analysis.n_fft, analysis.n_mels)
    kept = min(analysis.frames, frame_count(samples.size, analysis.n_fft, hop))
    spectrograms = [np.zeros((analysis.n_mels, analysis.frames), np.float32) for _ in powers]
    for at, power in power_blocks(samples, analysis.n_fft, hop, kept):
        for exponent, spectrogram in zip(powers, spectrograms, strict=True):
            spectrogram[:, at] = bank @ _raised(power, exponent)
    return spectrograms


def _raised(power: NDArray[np.float32], exponent: float) -> NDArray[np.float32]:
    """Magnitudes to the `exponent`, from squared magnitudes."""
    if exponent == 2:
        return power
    if exponent == 1:
        return np.sqrt(power)
    return power ** np.float32(exponent / 2)


def mel_spectrogram(
    samples: NDArray[np.float32], rate: int, analysis: Analysis, power: float = 2
) -> NDArray[np.float32]:
    """Mel spectrogram of one clip, shape (n_mels, frames), float32; see `mel_spectrograms`."""
    return mel_spectrograms(samples, rate, analysis, (power,))[0]
