"""Where the samples of a RIFF file lie, and how its header says that they are stored."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from serflow.errors import ClipError

PCM = 1
CONVERT = "convert it to a 16-bit PCM WAV file, or take it out of the corpus"
FETCH = "fetch or record it again"

_ORDERS = {b"RIFF": "<", b"RF64": "<", b"RIFX": ">"}
# PCM, floating point, A-law, µ-law, and any of these in an extensible header.
_LINEAR = (PCM, 3, 6, 7, 0xFFFE)
_MP3 = 0x55
# A file of zeros is a row of chunks of size 0: somewhere the search must end.
_MOST_CHUNKS = 1000
# Writers that cannot seek back (pipes) leave a length near 2 or 4 GiB in the header.
_UNKNOWN_LENGTHS = (range(0x7FFF_F000, 0x8000_1000), range(0xFFFF_E000, 0x1_0000_0000))
_UNKNOWN_64 = 2**63 - 2**16


@dataclass(frozen=True)
class Layout:
    """What the header of a RIFF file says.

    Parameters
    ----------
    kind
        Number of the encoding; 1 is PCM.
    channels, rate, align, bits
        Channels, frames a second, bytes of a frame, bits of a sample.
    little_endian
        Whether numbers begin with their lowest byte; in RIFX files they do not.
    start, size
        Where the samples begin in the file, and how many bytes of them there are.
    """

    kind: int
    channels: int
    rate: int
    align: int
    bits: int
    little_endian: bool
    start: int
    size: int

    @property
    def frames(self) -> int | None:
        """Samples of each channel; ``None`` for encodings that hold several in a byte."""
        width = -(-self.bits // 8) * self.channels
        return self.size // width if self.kind in _LINEAR and width else None


def is_riff(head: bytes) -> bool:
    """Return whether a file that begins so is a WAV file; 12 bytes are looked at."""
    return head[:4] in _ORDERS and head[8:12] == b"WAVE"


def layout(file: BinaryIO, length: int, path: Path) -> Layout:
    """Read the header of a WAV file, chunk by chunk up to its samples.

    Chunks are passed over by seeking, so that their size costs nothing.

    Parameters
    ----------
    file
        The file, for which `is_riff` holds.
    length
        Its length in bytes.
    path
        Its path, for errors.

    Raises
    ------
    ClipError
        If there is no description of the samples, or none after it, if it contradicts itself, if
        fewer bytes of samples follow than it says, or if they are MP3.
    """
    file.seek(0)
    order = _ORDERS[file.read(4)]
    stored, whole = None, None
    for name, start, size in _chunks(file, length, order, path):
        if name == b"ds64" and size >= 16:
            whole = struct.unpack(f"{order}8xQ", _exactly(file, start, 16, path))[0]
        elif name == b"fmt " and size >= 16:
            if stored is not None:
                raise ClipError(path, "cannot be decoded (it has two fmt chunks)", CONVERT)
            stored = struct.unpack(f"{order}HHIIHH", _exactly(file, start, 16, path))
        elif name == b"data":
            if stored is None:
                raise ClipError(path, "cannot be decoded (no fmt chunk before its samples)", FETCH)
            kind, channels, rate, _, align, bits = stored
            if kind == _MP3:
                # Its decoder passes over what is damaged, and says so to nobody.
                raise ClipError(path, "holds MP3, not samples", CONVERT)
            width = -(-bits // 8)
            if kind in _LINEAR and align not in (0, channels * width):
                what = f"frames of {align} bytes for {channels} × {width} bytes"
                reason = f"has a header that contradicts itself ({what})"
                raise ClipError(path, reason, CONVERT)
            there = _present(path, length - start, size, whole)
            return Layout(kind, channels, rate, align, bits, order == "<", start, there)
    raise ClipError(path, "cannot be decoded (no data chunk, which holds the samples)", FETCH)


def has_more_samples(file: BinaryIO, length: int, found: Layout, path: Path) -> bool:
    """Tell whether another `data` chunk, which nobody reads, follows the samples of a file.

    A thousand chunks are looked at, by seeking.

    Parameters
    ----------
    file, length, path
        As of `layout`.
    found
        What `layout` has found.
    """
    order = "<" if found.little_endian else ">"
    at = _behind(file, found.start, found.size)
    # What is no chunk any more is none that holds samples.
    with suppress(ClipError):
        for name, start, size in _chunks(file, length, order, path, at):
            if name == b"data" and size > 0 and start < length:
                return True
    return False


def _chunks(
    file: BinaryIO, length: int, order: str, path: Path, at: int = 12
) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and declared size of the chunks; the first one begins at `at`."""
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if at > length or 0 < len(header) < 8:
            raise ClipError(path, "is cut short before its samples", FETCH)
        if not header:
            return
        name, size = struct.unpack(f"{order}4sI", header)
        yield name, at + 8, size
        at = _behind(file, at + 8, size)
    reason = f"cannot be decoded (more than {_MOST_CHUNKS} chunks come before its samples)"
    raise ClipError(path, reason, CONVERT)


def _behind(file: BinaryIO, start: int, size: int) -> int:
    """Return where the chunk after one begins, of which start and size are given."""
    end = start + size
    if size % 2:
        # A byte of padding follows, which some writers forget.
        file.seek(end)
        end += file.read(4) not in (b"data", b"fmt ")
    return end


def _exactly(file: BinaryIO, start: int, size: int, path: Path) -> bytes:
    file.seek(start)
    found = file.read(size)
    if len(found) < size:
        raise ClipError(path, "is cut short before its samples", FETCH)
    return found


def _present(path: Path, rest: int, size: int, whole: int | None) -> int:
    """Return how many bytes of samples there are.

    Parameters
    ----------
    path
        The file, for errors.
    rest
        Bytes from where the samples begin to the end of the file.
    size
        Bytes of samples as the chunk's own header says.
    whole
        The same from the 64-bit header of an RF64 file; ``None`` where there is none.
    """
    if size == 0xFFFF_FFFF and whole:
        if whole >= _UNKNOWN_64:
            return rest
        declared = whole
    elif any(size in lengths for lengths in _UNKNOWN_LENGTHS):
        return min(size, rest)
    else:
        declared = size
    if declared > rest:
        reason = f"is cut short: {declared - rest} bytes of its samples are missing"
        raise ClipError(path, reason, FETCH)
    if declared == 0 and rest > 0:
        reason = f"holds no samples (so its header says, though {rest} bytes follow)"
        raise ClipError(path, reason, "have its header mended, or fetch or record it again")
    return declared
