"""Reading WAV recordings."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import soundfile
from numpy.typing import NDArray

from serflow.errors import ClipError

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which is never called here, and complains when there is none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

FULL_SCALE = 32768.0
RATES = (1_000, 768_000)
# Beyond it, which only floating-point files can be, powers of the spectrum would overflow float32.
LIMIT = 2.0**40

# Writers that cannot seek back (pipes) leave a length near 2 or 4 GiB in the header.
_UNKNOWN_LENGTH = 0x7FFF_F000
_PCM = 1
_CONVERT = "convert it to a 16-bit PCM WAV file, or take it out of the corpus"


@dataclass(frozen=True, eq=False)
class Recording:
    """A decoded recording.

    Parameters
    ----------
    samples
        Mono samples on the 16-bit integer scale (full scale is 32768), shape (samples,), float32.
    rate
        Sampling rate in Hz.
    channels
        Number of channels in the file, before they were mixed.
    pcm_hash
        32 hexadecimal digits that two recordings share when samples and rate are the same: the
        start of the SHA-256 of the mono samples and the rate.
    """

    samples: NDArray[np.float32]
    rate: int
    channels: int
    pcm_hash: str

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.samples.size / self.rate

    @property
    def peak(self) -> float:
        """Largest magnitude of the mono samples, 1 at full scale."""
        return float(np.abs(self.samples).max()) / FULL_SCALE


def read_wav(path: str | Path) -> Recording:
    """Read a WAV file, mixing its channels to mono by their mean.

    Plain 8, 16 and 32-bit PCM is read by pydub, the laboratory sheet's reader; all else that is
    WAV (24-bit, floating point, µ-law, A-law, extensible, RF64, RIFX) by soundfile. ffmpeg is never
    called.

    Parameters
    ----------
    path
        The file; other chunks before and after its data are passed over.

    Returns
    -------
    Recording

    Raises
    ------
    ClipError
        If the file cannot be read, is no WAV, is cut short, holds no samples or values that are not
        finite, or has a sampling rate outside 1 to 768 kHz.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise ClipError(path, reason, "check that it is a file and may be read") from error
    if not content:
        raise ClipError(path, "is empty (0 bytes)", "fetch or record it again")
    missing = _missing_bytes(content)
    if missing:
        reason = f"is cut short: {missing} bytes of its samples are missing"
        raise ClipError(path, reason, "fetch or record it again")

    frames, scale, rate = _decode_pcm(content) or _decode_other(path, content)
    if not RATES[0] <= rate <= RATES[1]:
        reason = f"has a sampling rate of {rate} Hz, not {RATES[0]} to {RATES[1]}"
        raise ClipError(path, reason, _CONVERT)
    if frames.size == 0:
        raise ClipError(path, "holds no samples", "fetch or record it again")
    samples = _mono(frames, scale)
    # NaN fails the comparison as well.
    if not np.abs(samples).max() <= LIMIT:
        raise ClipError(path, "holds values that are not finite (NaN, infinity) or huge", _CONVERT)
    return Recording(samples, rate, frames.shape[1], _hash(samples, rate))


def _decode_pcm(content: bytes) -> tuple[NDArray[np.integer | np.floating], float, int] | None:
    """Frames (frames, channels), factor to the 16-bit scale and rate; None if not plain PCM."""
    layout = _pcm_layout(content)
    if layout is None:
        return None
    channels, bits = layout
    try:
        segment = AudioSegment(data=content)
    except Exception:  # pydub raises what its parsing happens to hit; soundfile has the last word
        return None
    data = segment.raw_data
    frame_bytes = channels * bits // 8
    usable = len(data) - len(data) % frame_bytes
    values = np.frombuffer(data[:usable], dtype=f"<i{bits // 8}")
    return values.reshape(-1, channels), 2.0 ** (16 - bits), int(segment.frame_rate)


def _pcm_layout(content: bytes) -> tuple[int, int] | None:
    """Channels and bits of a plain PCM WAV that pydub reads exactly and fast; None for all else.

    pydub reads 24 bits in a Python loop and negative values one too high, takes extensible
    floating-point files for integers, and knows nothing of the byte that pads a chunk of odd size.
    """
    layout = None
    for name, start, size in _chunks(content):
        if name == b"data":
            return layout
        if size % 2:
            return None
        if name == b"fmt " and layout is None and start + 16 <= len(content):
            kind, channels, _, _, align, bits = struct.unpack_from("<HHIIHH", content, start)
            if kind == _PCM and bits in (8, 16, 32) and 0 < align == channels * bits // 8:
                layout = channels, bits
    return None


def _decode_other(
    path: Path, content: bytes
) -> tuple[NDArray[np.integer | np.floating], float, int]:
    """Frames (frames, channels), factor to the 16-bit scale and rate, by soundfile."""
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if file.format not in ("WAV", "WAVEX", "RF64"):
                raise ClipError(path, f"is {file.format}, not WAV", _CONVERT)
            return file.read(dtype="float64", always_2d=True), FULL_SCALE, int(file.samplerate)
    except soundfile.SoundFileError as error:
        _refuse(path, content, error)


def _refuse(path: Path, content: bytes, error: Exception) -> NoReturn:
    """Say why a file is not taken."""
    if content[:4] not in (b"RIFF", b"RIFX", b"RF64") or content[8:12] != b"WAVE":
        raise ClipError(path, "is not a WAV file", _CONVERT) from error
    detail = str(error).rpartition(": ")[2].strip(" .")
    raise ClipError(path, f"cannot be decoded ({detail})", _CONVERT) from error


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and declared size of the chunks of a little-endian RIFF WAVE file."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _missing_bytes(content: bytes) -> int:
    """Number of bytes by which the data chunk is longer than the file."""
    for name, start, size in _chunks(content):
        if name == b"data":
            return 0 if size >= _UNKNOWN_LENGTH else max(0, start + size - len(content))
    return 0


def _mono(frames: NDArray[np.integer | np.floating], scale: float) -> NDArray[np.float32]:
    """Mean of the channels on the 16-bit integer scale, shape (frames,), float32."""
    if frames.shape[1] == 1 and frames.dtype.itemsize <= 2:
        return frames[:, 0].astype(np.float32) * np.float32(scale)
    total = frames[:, 0].astype(np.float64)
    for channel in range(1, frames.shape[1]):
        total += frames[:, channel]
    total *= scale / frames.shape[1]
    # Adding zero turns -0.0, which floating-point files hold, into 0.0: one silence, one hash.
    return (total + 0.0).astype(np.float32)


def _hash(samples: NDArray[np.float32], rate: int) -> str:
    digest = hashlib.sha256(samples.astype("<f4", copy=False).tobytes())
    digest.update(rate.to_bytes(8, "little"))
    return digest.hexdigest()[:32]
