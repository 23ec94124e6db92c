"""Downloads from a real HTTP server on the loopback interface, well-behaved and otherwise."""

from __future__ import annotations

import hashlib
import io
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from serflow.corpora.download import fetch
from serflow.errors import UserError

CONTENT = bytes(range(256)) * 4096
SIZE = len(CONTENT)
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
HALF = SIZE // 2


class Server(ThreadingHTTPServer):
    """Serves `content`; the attributes say how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.ranges = True
        self.begins_before = 0
        self.says_length = True
        self.breaks_after: int | None = None
        self.status = 200
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/speech.zip"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        content, start = self.server.content, 0
        if wanted and self.server.ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-")) - self.server.begins_before
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        if self.server.says_length:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = self.server.breaks_after
        self.wfile.write(content[start : len(content) if end is None else start + end])

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "speech.zip"


def part_of(target: Path) -> Path:
    return target.with_name("speech.zip.part")


def leave_part(target: Path, content: bytes) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(content)


def get(server: Server, target: Path, size: int = SIZE, md5: str = MD5) -> str:
    """Fetch, and return what was shown as progress."""
    shown = io.StringIO()
    assert fetch(server.url, target, size, md5, shown, timeout=5) == target
    return shown.getvalue()


def refused(server: Server, target: Path, size: int = SIZE, md5: str = MD5) -> str:
    """Fetch in vain; return the message after checking that it tells the way out."""
    with pytest.raises(UserError) as caught:
        fetch(server.url, target, size, md5, io.StringIO(), timeout=5)
    assert not target.exists()
    message = str(caught.value)
    assert message.startswith(server.url)
    assert f"save it as {target} and run again" in message
    assert "set corpus.path" in message
    return message


def test_a_good_download_is_whole_and_leaves_no_part(server, target):
    get(server, target)
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert server.asked == [None]


def test_a_download_without_stated_length(server, target):
    server.says_length = False
    get(server, target)
    assert target.read_bytes() == CONTENT


def test_a_valid_file_is_not_fetched_again(server, target):
    get(server, target)
    assert get(server, target, md5=MD5.upper()) == ""
    assert server.asked == [None]


@pytest.mark.parametrize("wrong", [CONTENT[:-1], b"x" + CONTENT[1:]])
def test_an_invalid_file_is_replaced(server, target, wrong):
    target.parent.mkdir()
    target.write_bytes(wrong)
    get(server, target)
    assert target.read_bytes() == CONTENT


def test_an_interrupted_download_is_resumed(server, target):
    server.breaks_after = HALF
    message = refused(server, target)
    assert "closed the connection early" in message
    assert "the first 0.5 MB of 1.0 MB are kept" in message
    assert part_of(target).read_bytes() == CONTENT[:HALF]
    server.breaks_after = None
    get(server, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == [None, f"bytes={HALF}-"]
    assert not part_of(target).exists()


def test_a_server_without_ranges_is_asked_for_the_whole(server, target):
    leave_part(target, b"x" * HALF)
    server.ranges = False
    get(server, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == [f"bytes={HALF}-"]


def test_a_server_that_begins_earlier_than_asked(server, target):
    leave_part(target, CONTENT[:HALF])
    server.begins_before, server.breaks_after = 1000, 100
    refused(server, target)
    assert part_of(target).read_bytes() == CONTENT[: HALF - 900]
    server.breaks_after = None
    get(server, target)
    assert target.read_bytes() == CONTENT


def test_a_complete_part_only_needs_checking(server, target):
    leave_part(target, CONTENT)
    get(server, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == []


def test_an_overlong_part_is_started_afresh(server, target):
    leave_part(target, CONTENT + b"x")
    get(server, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == [None]


def test_a_part_beyond_the_servers_end_is_started_afresh(server, target):
    leave_part(target, b"x" * HALF)
    server.content = CONTENT[:100]
    message = refused(server, target)
    assert f"offers a file of 100 bytes, expected are {SIZE}" in message
    assert server.asked == [f"bytes={HALF}-", None]


def test_a_part_of_another_file_is_found_out_and_removed(server, target):
    leave_part(target, b"x" * HALF)
    message = refused(server, target)
    assert f"expected {SIZE} bytes with MD5 {MD5}, got {SIZE} bytes with MD5" in message
    assert not part_of(target).exists()
    get(server, target)
    assert target.read_bytes() == CONTENT


def test_a_wrong_checksum_removes_what_came(server, target):
    server.content = b"x" + CONTENT[1:]
    got = hashlib.md5(server.content, usedforsecurity=False).hexdigest()
    message = refused(server, target)
    assert f"expected {SIZE} bytes with MD5 {MD5}, got {SIZE} bytes with MD5 {got}" in message
    assert "it was removed" in message
    assert list(target.parent.iterdir()) == []


def test_a_wrong_stated_size_is_refused_before_the_download(server, target):
    server.content = CONTENT + b"x"
    message = refused(server, target)
    assert f"offers a file of {SIZE + 1} bytes, expected are {SIZE}" in message
    assert list(target.parent.iterdir()) == []


def test_a_wrong_stated_size_keeps_an_honest_part(server, target):
    leave_part(target, CONTENT[:HALF])
    server.ranges, server.content = False, b"<html>please log in</html>"
    refused(server, target)
    assert part_of(target).read_bytes() == CONTENT[:HALF]


def test_an_endless_file_is_cut_off_and_removed(server, target):
    server.says_length, server.content = False, CONTENT * 3
    assert f"got {SIZE + 1} bytes" in refused(server, target)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (404, "not at this address"),
        (410, "not at this address"),
        (429, "often passes"),
        (503, "often passes"),
    ],
)
def test_a_refusing_server(server, target, status, advice):
    server.status = status
    message = refused(server, target)
    assert f"the server answered {status}" in message
    assert advice in message
    assert list(target.parent.iterdir()) == []


def test_a_refusing_server_keeps_the_part(server, target):
    leave_part(target, CONTENT[:HALF])
    server.status = 503
    refused(server, target)
    assert part_of(target).read_bytes() == CONTENT[:HALF]


def test_a_refused_connection(server, target):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/speech.zip"
        with pytest.raises(UserError, match=r"failed \(.*refused.*nothing was received"):
            fetch(url, target, SIZE, MD5, io.StringIO())


def test_a_silent_server_times_out(target):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/speech.zip"
        with pytest.raises(UserError, match=r"failed \(timed out\)"):
            fetch(url, target, SIZE, MD5, io.StringIO(), timeout=0.1)


def test_a_full_disk_is_told_before_the_download(server, target):
    with pytest.raises(UserError, match=r"speech\.zip: the download needs \d+\.0 MB and its disk"):
        fetch(server.url, target, 10**18, MD5, io.StringIO())
    assert server.asked == []


def test_progress_is_sparse_away_from_a_terminal(server, target):
    lines = get(server, target).splitlines()
    assert 2 <= len(lines) <= 12
    assert re.fullmatch(r"speech\.zip:   0%  0\.0 of 1\.0 MB", lines[0])
    assert re.fullmatch(r"speech\.zip: 100%  1\.0 of 1\.0 MB  \d+\.\d MB/s  0:00 left", lines[-1])


def test_progress_on_a_terminal_is_one_line(server, target):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    fetch(server.url, target, SIZE, MD5, terminal, timeout=5)
    shown = terminal.getvalue()
    assert shown.count("\n") == 1
    assert shown.endswith("left\x1b[K\n")
    assert f"[{'#' * 20}] 100%" in shown
