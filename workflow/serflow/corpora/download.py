"""Fetching one published file: resumed after an interruption, checked, and put in place whole.

Only the standard library is used.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TextIO

from serflow.errors import UserError
from serflow.version import VERSION

_BLOCK = 1 << 18


def fetch(
    url: str,
    target: str | Path,
    size: int,
    md5: str,
    progress: TextIO | None = None,
    timeout: float = 30.0,
) -> Path:
    """Download `url` to `target`, unless `target` is there already with the right content.

    The bytes go to ``<target>.part``, which takes the target's name only after size and checksum
    were found right. An interrupted download leaves the part, and the next call asks the server for
    the rest; a server that cannot give the rest is asked for the whole.

    Parameters
    ----------
    url
        Address, http or https.
    target
        Where the file is wanted; its folder is made if missing.
    size
        Expected size, bytes.
    md5
        Expected MD5, hexadecimal.
    progress
        Where progress is shown; standard error if not given.
    timeout
        Seconds to wait for the server at each step.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    UserError
        If the server does not answer, refuses or breaks off, if the disk is too small, or if the
        content is not the expected one (then the part is removed, so that the next call starts
        afresh).
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and is_whole(target, size, md5):
        return target
    part = target.with_name(target.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    if have > size:
        have = 0
    _check_space(target, size - have)
    if have < size:
        with _Progress(target.name, size, progress or sys.stderr) as bar:
            _receive(url, target, part, have, size, timeout, bar)
    _check_content(url, target, part, size, md5)
    os.replace(part, target)
    return target


def is_whole(path: Path, size: int, md5: str) -> bool:
    """Tell whether a file has the size (bytes) and the MD5 (hexadecimal) that are wanted."""
    return path.stat().st_size == size and _md5(path) == md5.lower()


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _by_hand(url: str, target: Path) -> str:
    return (
        f"or download {url} by hand, save it as {target} and run again, "
        "or set corpus.path to a folder that holds the recordings"
    )


def _check_space(target: Path, wanted: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < wanted:
        raise UserError(
            f"{target}: the download needs {_mb(wanted)} and its disk has {_mb(free)} free; "
            "make room, or put the file on another disk"
        )


def _check_content(url: str, target: Path, part: Path, size: int, md5: str) -> None:
    got_size = part.stat().st_size
    got_md5 = _md5(part)
    if got_size == size and got_md5 == md5.lower():
        return
    part.unlink()
    raise UserError(
        f"{url}: the file received is not the expected one: expected {size} bytes with MD5 {md5}, "
        f"got {got_size} bytes with MD5 {got_md5}; it was removed. Run again to fetch it afresh, "
        + _by_hand(url, target)
    )


def _receive(
    url: str, target: Path, part: Path, have: int, size: int, timeout: float, bar: _Progress
) -> None:
    """Bring `part`, of which `have` bytes are there, to `size` bytes."""
    try:
        with _request(url, have, timeout) as response:
            have = _start(response, have)
            offered = response.length
            if offered is not None and have + offered != size:
                raise UserError(
                    f"{url}: the server offers a file of {have + offered} bytes, expected are "
                    f"{size}; it may be another version, or a page of your network that asks for "
                    "a login. Check the address in a browser, " + _by_hand(url, target)
                )
            have = _copy(response, part, have, size, bar)
    except urllib.error.HTTPError as error:
        raise UserError(
            f"{url}: the server answered {error.code} {error.reason}; "
            + (
                "the file is not at this address. Check it in a browser, "
                if error.code in (404, 410)
                else "such trouble often passes. Run again later, "
            )
            + _by_hand(url, target)
        ) from error
    except (OSError, http.client.HTTPException) as error:
        have = part.stat().st_size if part.exists() else 0
        reason = getattr(error, "reason", None) or error or type(error).__name__
        raise _broken_off(url, target, have, size, str(reason)) from error
    if have < size:
        raise _broken_off(url, target, have, size, "the server closed the connection early")


def _broken_off(url: str, target: Path, have: int, size: int, reason: str) -> UserError:
    kept = f"the first {_mb(have)} of {_mb(size)} are kept, and the next run asks for the rest"
    return UserError(
        f"{url}: the download failed ({reason}); {kept if have else 'nothing was received'}. "
        "Check the network and the disk and run again, " + _by_hand(url, target)
    )


def _request(url: str, have: int, timeout: float) -> http.client.HTTPResponse:
    headers = {"User-Agent": f"SERflow/{VERSION}"}
    if have:
        try:
            ranged = urllib.request.Request(url, headers=headers | {"Range": f"bytes={have}-"})
            return _open(ranged, timeout)
        except urllib.error.HTTPError as error:
            # 416: the server's file ends before our part does, so the part is of another file.
            if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise
            error.close()
    return _open(urllib.request.Request(url, headers=headers), timeout)


def _open(request: urllib.request.Request, timeout: float) -> http.client.HTTPResponse:
    response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    return response


def _start(response: http.client.HTTPResponse, have: int) -> int:
    """Return the position in the file at which the response's bytes begin."""
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return 0
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found.group(1)) if found and int(found.group(1)) <= have else have


def _copy(
    response: http.client.HTTPResponse, part: Path, start: int, size: int, bar: _Progress
) -> int:
    """Write the response into `part` from `start` on; return where it ended."""
    have = start
    bar.start(have)
    with part.open("r+b" if start else "wb") as stream:
        stream.seek(start)
        stream.truncate()
        # One byte too many is enough to know that the file is not the expected one.
        while have <= size and (block := response.read1(min(_BLOCK, size + 1 - have))):
            stream.write(block)
            have += len(block)
            bar.show(have)
    return have


def _mb(count: float) -> str:
    return f"{count / 1e6:.1f} MB"


class _Progress:
    """Progress of a download: one line redrawn on a terminal, a line each tenth elsewhere."""

    def __init__(self, name: str, size: int, stream: TextIO) -> None:
        self._name, self._size, self._stream = name, size, stream
        self._terminal = stream.isatty()
        self._begun = self._shown = time.monotonic()
        self._first = 0
        self._tenth = -1
        self._drawn = False

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn and self._terminal:
            self._stream.write("\n")
            self._stream.flush()

    def start(self, have: int) -> None:
        """Begin at `have` bytes, which do not count towards the speed."""
        self._begun, self._first = time.monotonic(), have
        self.show(have)

    def show(self, have: int) -> None:
        """Show that `have` bytes are there, unless the last showing is recent."""
        now = time.monotonic()
        tenth = 10 * have // self._size if self._size else 10
        recent = now - self._shown < 0.2 if self._terminal else tenth == self._tenth
        if recent and self._drawn and not (self._terminal and have >= self._size):
            return
        self._shown, self._tenth, self._drawn = now, tenth, True
        line = f"{self._name}: {self._line(have, now - self._begun)}"
        self._stream.write(f"\r{line}\x1b[K" if self._terminal else line + "\n")
        self._stream.flush()

    def _line(self, have: int, seconds: float) -> str:
        share = have / self._size if self._size else 1.0
        text = f"{share:4.0%}  {have / 1e6:.1f} of {_mb(self._size)}"
        if seconds <= 0 or have <= self._first:
            return text
        speed = (have - self._first) / seconds
        minutes, left = divmod(round(max(0, self._size - have) / speed), 60)
        bar = f"[{'#' * int(20 * share):<20}] " if self._terminal else ""
        return f"{bar}{text}  {speed / 1e6:.1f} MB/s  {minutes}:{left:02d} left"
