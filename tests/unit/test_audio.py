"""Reading WAVs: every encoding gives the samples it holds, every bad file a clear refusal."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_wavs import RAMP, RATE, chunk, encoded, fmt, riff

from serflow.errors import ClipError
from serflow.sound import audio
from serflow.sound.recordings import measure
from serflow.sound.wav_files import AudioSegment


@pytest.fixture
def wav(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "clip.wav"
        path.write_bytes(content)
        return path

    return write


def test_a_16_bit_file_gives_its_integers(wav):
    path = wav(riff(fmt(), chunk(b"data", RAMP.tobytes())))
    recording, measured = audio.read_wav(path), measure(path)
    assert recording.samples.dtype == np.float32
    assert np.array_equal(recording.samples, RAMP)
    assert (recording.rate, recording.channels) == (RATE, 1)
    assert measured["seconds"] == 800 / RATE
    assert measured["peak"] == 32000 / 32768


@pytest.mark.parametrize(
    ("kind", "bits", "content", "expected"),
    [
        (1, 8, bytes([0, 127, 128, 129, 255]), [-32768, -256, 0, 256, 32512]),
        (1, 16, struct.pack("<5h", -32768, -1, 0, 1, 32767), [-32768, -1, 0, 1, 32767]),
        (1, 24, b"\x00\x00\x80\xff\xff\xff\x00\x00\x00\x00\x01\x00", [-32768, -1 / 256, 0, 1]),
        (1, 32, struct.pack("<4i", -(2**31), -65536, 0, 32768), [-32768, -1, 0, 0.5]),
        (3, 32, struct.pack("<4f", -1.0, 0.0, 0.5, 1.5), [-32768, 0, 16384, 49152]),
        (3, 64, struct.pack("<4d", -1.0, 0.0, 0.5, 1.5), [-32768, 0, 16384, 49152]),
    ],
)
def test_every_encoding_is_put_on_the_16_bit_scale(wav, kind, bits, content, expected):
    recording = audio.read_wav(wav(riff(fmt(kind, bits=bits), chunk(b"data", content))))
    assert recording.samples.tolist() == expected


@pytest.mark.parametrize(
    ("options", "tolerance"),
    [
        ({"format": "WAV", "subtype": "PCM_U8"}, 256),
        ({"format": "WAV", "subtype": "PCM_24"}, 0),
        ({"format": "WAV", "subtype": "PCM_32"}, 0),
        ({"format": "WAV", "subtype": "FLOAT"}, 0),
        ({"format": "WAV", "subtype": "DOUBLE"}, 0),
        ({"format": "WAV", "subtype": "ULAW"}, 1024),
        ({"format": "WAV", "subtype": "ALAW"}, 1024),
        ({"format": "WAV", "subtype": "PCM_16", "endian": "BIG"}, 0),
        ({"format": "WAVEX", "subtype": "PCM_16"}, 0),
        ({"format": "WAVEX", "subtype": "FLOAT"}, 0),
        ({"format": "RF64", "subtype": "PCM_16"}, 0),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_other_writers_encodings_agree_with_16_bit(wav, options, tolerance):
    recording = audio.read_wav(wav(encoded(RAMP / 32768, **options)))
    assert np.abs(recording.samples - RAMP).max() <= tolerance


@pytest.mark.parametrize("bits", [16, 24])
def test_channels_are_mixed_by_their_mean(wav, bits):
    frames = np.stack([RAMP, -RAMP // 2, np.full_like(RAMP, 30)], axis=1)
    recording = audio.read_wav(wav(encoded(frames, format="WAV", subtype=f"PCM_{bits}")))
    assert recording.channels == 3
    assert np.allclose(recording.samples, frames.mean(axis=1), rtol=1e-6)


def test_the_hash_is_of_the_mono_samples_and_the_rate(wav):
    def pcm_hash(frames: np.ndarray, **kwargs) -> str:
        options = {"format": "WAV", "subtype": "PCM_16"} | kwargs
        return measure(wav(encoded(frames, **options)))["pcm_hash"]

    mono = pcm_hash(RAMP)
    assert len(mono) == 32
    assert pcm_hash(np.stack([RAMP, RAMP], axis=1)) == mono
    assert pcm_hash(RAMP / 32768, subtype="FLOAT") == mono
    assert pcm_hash(RAMP, rate=RATE + 1) != mono
    assert pcm_hash(RAMP[:-1]) != mono
    changed = RAMP.copy()
    changed[17] += 1
    assert pcm_hash(changed) != mono


def test_negative_zero_is_silence(wav):
    zeros = np.zeros(8)
    plus = measure(wav(encoded(zeros, format="WAV", subtype="FLOAT")))
    minus = measure(wav(encoded(-zeros, format="WAV", subtype="FLOAT")))
    assert plus["pcm_hash"] == minus["pcm_hash"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([chunk(b"FLLR", bytes(4044))], []),
        ([chunk(b"FLLR", b"fmt data" * 5000)], [chunk(b"LIST", b"INFOICMT")]),
        ([chunk(b"note", b"odd")], [chunk(b"note", b"odd")]),
        ([chunk(b"JUNK", bytes(n)) for n in range(24, 0, -1)], []),
    ],
    ids=["FLLR", "big, holding chunk names", "odd sizes", "24 chunks"],
)
@pytest.mark.parametrize("first", [False, True], ids=["after fmt", "before fmt"])
def test_other_chunks_are_passed_over(wav, before, after, first):
    head = [*before, fmt()] if first else [fmt(), *before]
    recording = audio.read_wav(wav(riff(*head, chunk(b"data", RAMP.tobytes()), *after)))
    assert np.array_equal(recording.samples, RAMP)


def test_a_header_written_to_a_pipe_means_all_that_follows(wav):
    data = b"data" + struct.pack("<I", 0xFFFF_FFFF) + RAMP.tobytes()
    assert np.array_equal(audio.read_wav(wav(riff(fmt(), data))).samples, RAMP)


def test_half_a_frame_at_the_end_is_left_out(wav):
    data = chunk(b"data", RAMP.tobytes() + b"\1")
    assert np.array_equal(audio.read_wav(wav(riff(fmt(), data))).samples, RAMP)


def test_bytes_beyond_the_declared_data_are_no_samples(wav):
    content = riff(fmt(), chunk(b"data", RAMP.tobytes())) + bytes(100)
    assert audio.read_wav(wav(content)).samples.size == RAMP.size


def floats(*values: float) -> bytes:
    return riff(fmt(3, bits=32), chunk(b"data", struct.pack(f"<{len(values)}f", *values)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"RIFF", "not a WAV file"),
        (riff(), "cannot be decoded"),
        (riff(fmt()), "cannot be decoded|no samples"),
        (riff(fmt(), chunk(b"data", b"")), "no samples"),
        (riff(fmt(), chunk(b"data", b"\1")), "no samples"),
        (riff(fmt(), chunk(b"data", RAMP.tobytes()))[:-100], "100 bytes of its samples"),
        (
            riff(fmt(), chunk(b"note", b"odd"), chunk(b"data", RAMP.tobytes()))[:-100],
            "100 bytes of its samples",
        ),
        (floats(0.0, float("nan")), "not finite"),
        (floats(0.0, float("inf")), "not finite"),
        (floats(0.0, 1e30), "huge"),
        (riff(fmt(rate=0), chunk(b"data", RAMP.tobytes())), "0 Hz|decoded"),
        (riff(fmt(rate=2_000_000_000), chunk(b"data", RAMP.tobytes())), "Hz|decoded"),
        (riff(fmt(channels=0), chunk(b"data", RAMP.tobytes())), "cannot be decoded"),
        (riff(fmt(kind=0x55), chunk(b"data", RAMP.tobytes())), "holds MP3, not samples"),
        (b"<!DOCTYPE html><html>not found</html>", "not a WAV file"),
        (encoded(RAMP, format="FLAC"), "is FLAC, not WAV"),
    ],
)
def test_a_bad_file_is_refused_with_path_reason_and_remedy(wav, content, reason):
    path = wav(content)
    with pytest.raises(ClipError, match=reason) as caught:
        audio.read_wav(path)
    assert caught.value.path == path
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_what_is_no_readable_file_is_refused(tmp_path):
    with pytest.raises(ClipError, match="No such file"):
        audio.read_wav(tmp_path / "none.wav")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(ClipError, match="is a folder"):
        audio.read_wav(tmp_path / "folder.wav")
    (tmp_path / "link.wav").symlink_to(tmp_path / "none.wav")
    with pytest.raises(ClipError, match="No such file"):
        audio.read_wav(tmp_path / "link.wav")


WHOLE = riff(fmt(), chunk(b"FLLR", b"abc"), chunk(b"data", RAMP[:40].tobytes()))


@settings(max_examples=200, deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6),
    length=st.integers(0, len(WHOLE)),
    tail=st.binary(max_size=20),
)
def test_a_damaged_file_gives_samples_or_a_refusal(tmp_path_factory, edits, length, tail):
    content = bytearray(WHOLE)
    for at, value in edits:
        content[at] = value
    path = tmp_path_factory.getbasetemp() / "damaged.wav"
    path.write_bytes(bytes(content[:length]) + tail)
    try:
        recording = audio.read_wav(path)
    except ClipError:
        return
    assert 0 < recording.samples.size <= len(content) + len(tail)
    assert np.isfinite(recording.samples).all()


def test_real_recordings_are_as_pydub_reads_them(ravdess):
    mono = ravdess / "Actor_01" / "03-01-02-01-01-01-01.wav"
    stereo = ravdess / "Actor_01" / "03-01-02-01-01-02-01.wav"
    for path, channels in ((mono, 1), (stereo, 2)):
        recording = audio.read_wav(path)
        segment = AudioSegment.from_wav(path)
        expected = np.array(segment.get_array_of_samples()).reshape(-1, channels).mean(axis=1)
        assert (recording.rate, recording.channels) == (48_000, channels)
        assert np.array_equal(recording.samples, expected)


def test_the_identical_pair_of_ravdess_shares_its_hash(ravdess):
    pair = [ravdess / "Actor_07" / f"03-01-03-01-02-0{n}-07.wav" for n in (1, 2)]
    first, second = (measure(path)["pcm_hash"] for path in pair)
    assert first == second


def test_no_other_program_is_started(wav, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    for content in (riff(fmt(0x55), chunk(b"data", b"ab")), b"ID3\3" + bytes(400)):
        with pytest.raises(ClipError):
            audio.read_wav(wav(content))


def test_the_modules_import_quietly_and_lightly(root):
    """One process for all: no warning, and none of the heavy packages that they do not use."""
    code = (
        "import sys; from serflow.sound import audio, bands, cepstra, images, mel, signals; "
        "from serflow.sound import spectra; "
        "heavy = {'torch', 'librosa', 'numba', 'sklearn', 'matplotlib', 'pandas', 'scipy.signal',"
        " 'scipy.stats'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "always::RuntimeWarning", "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(root / "workflow"), "PATH": ""},
        check=True,
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
