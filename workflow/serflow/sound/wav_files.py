"""Open WAV files, whose samples are read block by block."""

from __future__ import annotations

import io
import os
import stat
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from serflow.errors import ClipError
from serflow.sound.riff import CONVERT, FETCH, PCM, Layout, has_more_samples, is_riff, layout

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which is never called here, and complains when there is none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

FULL_SCALE = 32768.0
RATES = (1_000, 768_000)
CHANNELS = 1024
# Beyond it, which only floating-point files can be, powers of the spectrum would overflow float32.
LIMIT = 2.0**40

# An ordinary clip is one block; memory for a long recording is a small multiple of a block.
_BLOCK_BYTES = 2**22
# Enough of a file to tell by which format it is, when it is no WAV.
_HEAD_BYTES = 2**16
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

Frames = NDArray[np.integer | np.floating]


class WavFile:
    """A WAV file, open for reading; use it in a ``with`` statement.

    Plain 8, 16 and 32-bit PCM is read by pydub, the laboratory sheet's reader; all else that is
    WAV (24-bit, floating point, µ-law, A-law, extensible, RF64, RIFX) by soundfile. ffmpeg is never
    called.

    Parameters
    ----------
    path
        The file; other chunks before and after its samples are passed over.

    Attributes
    ----------
    path
        As given.
    rate
        Sampling rate in Hz.
    channels
        Number of channels.
    frames
        Number of samples of each channel, at least 1.

    Raises
    ------
    ClipError
        If the file cannot be read, is no WAV, is cut short, holds no samples, or has a sampling
        rate outside 1 to 768 kHz or more than 1024 channels.
    """

    path: Path
    rate: int
    channels: int
    frames: int

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._file, self._length = _opened(self.path)
        self._other: soundfile.SoundFile | None = None
        self._begun = False
        try:
            self._layout = self._header(self._length)
            if not _is_plain(self._layout):
                self._other = self._by_soundfile()
                self.frames, self.rate = self._other.frames, int(self._other.samplerate)
                self.channels, width = self._other.channels, 8
                self._compare()
            else:
                self.frames = self._layout.size // self._layout.align
                self.rate, self.channels = self._layout.rate, self._layout.channels
                width = self._layout.bits // 8
            self._check()
        except BaseException:
            self.close()
            raise
        self._block = max(1, _BLOCK_BYTES // (width * self.channels))

    def __enter__(self) -> WavFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._other is not None:
            self._other.close()
        self._file.close()

    def blocks(self, most: int | None = None) -> Iterator[NDArray[np.float32]]:
        """Read the samples from the beginning.

        Parameters
        ----------
        most
            Number of samples to read at most; ``None`` reads all.

        Yields
        ------
        array of shape (samples,), float32
            The next samples, the mean of the channels on the 16-bit integer scale (full scale is
            32768). Together they are `frames` or `most`; a block is at most 4 MiB of the file.

        Raises
        ------
        ClipError
            If the file cannot be read or decoded, is shorter than its header says, or holds values
            that are not finite.
        """
        left = self.frames if most is None else min(self.frames, most)
        read = self._plain_frames if self._other is None else self._other_frames
        scale = FULL_SCALE if self._other is not None else 2.0 ** (16 - self._layout.bits)
        self._rewind()
        while left > 0:
            wanted = min(left, self._block)
            frames = read(wanted)
            if len(frames) < wanted:
                missing = left - len(frames)
                raise ClipError(self.path, f"is cut short: {missing} samples are missing", FETCH)
            samples = mono(frames, scale)
            # NaN fails the comparison as well.
            if not np.abs(samples).max() <= LIMIT:
                reason = "holds values that are not finite (NaN, infinity) or huge"
                raise ClipError(self.path, reason, CONVERT)
            yield samples
            left -= wanted

    def require_all(self) -> None:
        """Refuse a file with samples that `blocks` does not read; to be called when it has ended.

        Raises
        ------
        ClipError
            If it has several `data` chunks, of which the first one is read.
        """
        try:
            more = has_more_samples(self._file, self._length, self._layout, self.path)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        if more:
            reason = "has several data chunks, of which only the first would be read"
            raise ClipError(self.path, reason, CONVERT)

    def _header(self, length: int) -> Layout:
        if length == 0:
            raise ClipError(self.path, "is empty (0 bytes)", FETCH)
        try:
            head = self._file.read(12)
            if is_riff(head):
                return layout(self._file, length, self.path)
            head += self._file.read(_HEAD_BYTES)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        raise ClipError(self.path, *_what_else(head))

    def _by_soundfile(self) -> soundfile.SoundFile:
        if self._layout.channels > CHANNELS:
            raise self._many_channels(self._layout.channels)
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        try:
            return soundfile.SoundFile(self._file.fileno(), closefd=False)
        except soundfile.SoundFileError as error:
            raise self._undecodable(error) from error

    def _check(self) -> None:
        if not RATES[0] <= self.rate <= RATES[1]:
            reason = f"has a sampling rate of {self.rate} Hz, not {RATES[0]} to {RATES[1]}"
            raise ClipError(self.path, reason, CONVERT)
        if self.channels > CHANNELS:
            raise self._many_channels(self.channels)
        if self.frames <= 0:
            raise ClipError(self.path, "holds no samples", FETCH)

    def _compare(self) -> None:
        """Refuse a file in which soundfile finds other samples than its header tells of here."""
        here, there = self._layout.frames, self.frames
        if here is not None and here != there:
            detail = f"its header can be read as {here} samples or as {there}"
            raise ClipError(self.path, f"cannot be decoded ({detail})", CONVERT)

    def _rewind(self) -> None:
        if self._other is None:
            try:
                self._file.seek(self._layout.start)
            except OSError as error:
                raise _unreadable(self.path, error) from error
        elif self._begun:
            # Some encodings cannot go back.
            self._other.close()
            self._other = self._by_soundfile()
        self._begun = True

    def _plain_frames(self, count: int) -> Frames:
        """Read the next frames of plain PCM, shape (count, channels); fewer at the file's end.

        pydub gets them below a short header of their own. The file's it would not always
        understand: it knows nothing of the byte that pads a chunk of odd size, and gives up after
        ten chunks.
        """
        align = self._layout.align
        try:
            data = self._file.read(count * align)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        data = data[: len(data) // align * align]
        segment = AudioSegment(data=_short_header(self._layout, len(data)) + data)
        values = np.frombuffer(segment.raw_data, dtype=f"<i{self._layout.bits // 8}")
        return values.reshape(-1, self.channels)

    def _other_frames(self, count: int) -> Frames:
        """Read the next frames by soundfile, shape (count, channels); fewer at the file's end."""
        assert self._other is not None
        try:
            frames: Frames = self._other.read(count, dtype="float64", always_2d=True)
        except soundfile.SoundFileError as error:
            raise self._undecodable(error) from error
        return frames

    def _undecodable(self, error: Exception) -> ClipError:
        detail = str(error).rpartition(": ")[2].strip(" .")
        return ClipError(self.path, f"cannot be decoded ({detail})", CONVERT)

    def _many_channels(self, channels: int) -> ClipError:
        return ClipError(self.path, f"has {channels} channels, more than {CHANNELS}", CONVERT)


def mono(frames: Frames, scale: float) -> NDArray[np.float32]:
    """Mix channels by their mean.

    Parameters
    ----------
    frames
        Shape (frames, channels).
    scale
        Factor that puts the values on the 16-bit integer scale.

    Returns
    -------
    array of shape (frames,), float32
    """
    if frames.shape[1] == 1 and frames.dtype.itemsize <= 2:
        return frames[:, 0].astype(np.float32) * np.float32(scale)
    total = frames[:, 0].astype(np.float64)
    # Sums and products beyond float64 become infinite or NaN, which the caller refuses.
    with np.errstate(over="ignore", invalid="ignore"):
        for channel in range(1, frames.shape[1]):
            total += frames[:, channel]
        total *= scale / frames.shape[1]
        # Adding zero turns -0.0, which floating-point files hold, into 0.0: one silence, one hash.
        return (total + 0.0).astype(np.float32)


def _opened(path: Path) -> tuple[BinaryIO, int]:
    """Open a regular file; return it and its length in bytes.

    What it is comes first: a pipe would wait for a writer, and opening a device may set it going.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
            remedy = "put the recording itself there, or take it out of the corpus"
            raise ClipError(path, f"is {kind}, not a file", remedy)
        return path.open("rb"), status.st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # a NUL character in the name
        raise ClipError(path, f"cannot be read ({error})", "rename the file") from error


def _unreadable(path: Path, error: OSError) -> ClipError:
    remedy = "check that it is a file and may be read"
    return ClipError(path, f"cannot be read ({error.strerror})", remedy)


def _is_plain(found: Layout) -> bool:
    """Return whether a file is plain PCM that pydub reads exactly and fast.

    pydub reads 24 bits in a Python loop and negative values one too high, and takes extensible
    floating-point files for integers.
    """
    return (
        found.little_endian
        and found.kind == PCM
        and found.bits in (8, 16, 32)
        and 0 < found.align == found.channels * found.bits // 8
    )


def _short_header(found: Layout, size: int) -> bytes:
    """Return the header of a WAV file of plain PCM that holds `size` bytes of samples."""
    fmt = struct.pack(
        "<HHIIHH",
        *(PCM, found.channels, found.rate, found.rate * found.align % 2**32),
        *(found.align, found.bits),
    )
    chunks = b"fmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + size) + b"WAVE" + chunks


def _what_else(head: bytes) -> tuple[str, str]:
    """Return reason and remedy for a file that begins so and is no WAV."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<!doctype", b"<html")):
        return "is a web page (HTML), not a WAV file", "fetch it again, from the right address"
    try:
        with soundfile.SoundFile(io.BytesIO(head)) as file:
            return f"is {file.format}, not WAV", CONVERT
    except soundfile.SoundFileError:
        return "is not a WAV file", CONVERT
