"""WAV files of every name, and what is no file: read, or refused at once."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest
from small_wavs import (
    RAMP,
    RATE,
    chunk,
    fmt,
    put,
    refusal,
    riff,
    script_output,
)

from serflow.errors import ClipError
from serflow.sound.recordings import measure
from serflow.sound.wav_files import WavFile

SAMPLES = RAMP.tobytes()
DATA = chunk(b"data", SAMPLES)

READ = """
import sys
from serflow.errors import ClipError
from serflow.sound.recordings import measure
try:
    measure(sys.argv[1])
except ClipError as error:
    print(error.reason)
"""


@pytest.mark.parametrize("what", ["pipe", "device", "socket"])
def test_what_would_wait_for_ever_is_refused(tmp_path, monkeypatch, root, what):
    path = tmp_path / "x.wav"
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    assert script_output(READ, root, path).strip() == f"is a {what}, not a file"


def test_links_that_lead_nowhere_are_refused(tmp_path):
    one, two = tmp_path / "one.wav", tmp_path / "two.wav"
    one.symlink_to(two)
    two.symlink_to(one)
    assert "Too many levels of symbolic links" in refusal(one).reason
    link = tmp_path / "link.wav"
    link.symlink_to(put(tmp_path, riff(fmt(), DATA)))
    assert measure(link)["seconds"] == 0.05


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = put(tmp_path, riff(fmt(), DATA))
    path.chmod(0)
    if os.geteuid() == 0:
        # The superuser may read it all the same.
        def refuse(*args, **kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path).reason == "cannot be read (Permission denied)"


def test_a_disk_that_fails_is_told(tmp_path, monkeypatch):
    path = put(tmp_path, riff(fmt(), DATA))
    with WavFile(path) as wav:
        monkeypatch.setattr(wav, "_file", Failing())
        with pytest.raises(ClipError, match=r"cannot be read \(Input/output error\)"):
            list(wav.blocks())


class Failing:
    """A file on a bad disk."""

    def seek(self, at: int) -> None:
        pass

    def read(self, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    def close(self) -> None:
        pass


NAMES = [
    "two words.wav",
    'it\'s "quoted" `$HOME`.wav',
    "two\nlines.wav",
    "tab\tand\rreturn.wav",
    unicodedata.normalize("NFC", "Wütend é.wav"),
    unicodedata.normalize("NFD", "Wütend é.wav"),
    "-rf.wav",
    "%s{0}.wav",
    "怒り🙂.wav",
    "a" * 251 + ".wav",
    "\udcff not UTF-8.wav",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_every_name_is_read_and_told(tmp_path, monkeypatch, name):
    path = put(tmp_path, riff(fmt(), DATA), name)
    found = measure(path)
    assert found == measure(put(tmp_path, riff(fmt(), DATA)))
    monkeypatch.chdir(tmp_path)
    assert measure(name) == found
    for bits in (16, 24):
        put(tmp_path, riff(fmt(bits=bits), DATA)[:-1], name)
        message = str(refusal(path))
        assert len(message.splitlines()) == 1
        message.encode()


def test_names_that_no_file_has_are_refused(tmp_path):
    assert "File name too long" in refusal(tmp_path / ("a" * 252 + ".wav")).reason
    assert refusal(tmp_path / "a\0b.wav").reason.startswith("cannot be read (")


def test_the_two_normal_forms_are_two_files(tmp_path):
    paths = [
        put(tmp_path, riff(fmt(), chunk(b"data", SAMPLES[:size])), unicodedata.normalize(form, "é"))
        for form, size in (("NFC", 100), ("NFD", 200))
    ]
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system takes both for one name")
    assert [measure(path)["seconds"] * RATE for path in paths] == [50, 100]
