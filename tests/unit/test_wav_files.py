"""WAV files of every kind and length: read rightly or refused with a reason."""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from small_wavs import (
    ENCODINGS,
    RAMP,
    RATE,
    chunk,
    encoded,
    fmt,
    name_of,
    put,
    refusal,
    riff,
)

from serflow.sound import audio, cepstra, signals, wav_files
from serflow.sound.recordings import inspect, measure
from serflow.sound.riff import layout
from serflow.sound.spectra import Analysis, mel_spectrograms

ANALYSIS = Analysis(n_fft=1024, hop_seconds=0.015, n_mels=40, frames=20)
SAMPLES = RAMP.tobytes()
DATA = chunk(b"data", SAMPLES)


@pytest.mark.parametrize("size", [1, 2, 239, 241, 1023, 1024, 2047, 16383])
def test_the_shortest_clips_have_features(tmp_path, size):
    """From one sample on, below a hop (240), below the FFTs (1024, 2048, 16384)."""
    noise = np.random.default_rng(size).integers(-9999, 9999, size).astype(np.int16)
    path = put(tmp_path, riff(fmt(), chunk(b"data", noise.tobytes())))
    assert measure(path)["seconds"] == size / RATE
    recording = audio.read_wav(path)
    assert np.array_equal(recording.samples, noise)
    for analysis in (ANALYSIS, Analysis()):
        (mel,) = mel_spectrograms(recording.samples, RATE, analysis, (2,))
        assert mel.shape == (analysis.n_mels, analysis.frames)
        assert np.isfinite(mel).all()
        assert mel.any() or size < 3
    assert np.isfinite(cepstra.mfcc(recording.samples, RATE)).all()
    assert np.isfinite(signals.fixed(recording, 22_050)).all()


@pytest.mark.parametrize("level", [0, -20000])
def test_silence_and_a_constant_have_finite_features(tmp_path, level):
    samples = np.full(RATE, level, np.int16)
    path = put(tmp_path, riff(fmt(), chunk(b"data", samples.tobytes())))
    (row,) = inspect([{"clip": "a", "path": path}])
    assert (row["peak"], row["verdict"]) == (-level / 32768, "ok" if level else "silent")
    (mel,) = mel_spectrograms(audio.read_wav(path).samples, RATE, ANALYSIS, (2,))
    assert np.isfinite(mel).all()
    # A mel filter does not hear 0 Hz: a constant is silent but where it begins.
    assert not mel[1:, 5:].max() > 1e-6 * max(1, level**2)
    assert np.isfinite(cepstra.mfcc(audio.read_wav(path).samples, RATE)).all()


@pytest.mark.parametrize("rate", [4000, 8000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_every_rate_is_read(tmp_path, rate):
    noise = np.random.default_rng(rate).integers(-9999, 9999, rate).astype(np.int16)
    path = put(tmp_path, riff(fmt(rate=rate), chunk(b"data", noise.tobytes())))
    found = measure(path)
    assert (found["rate"], found["seconds"]) == (rate, 1.0)
    recording = audio.read_wav(path, ANALYSIS.samples)
    (mel,) = mel_spectrograms(recording.samples, rate, ANALYSIS, (2,))
    assert mel.any(axis=0).all()
    assert np.isfinite(signals.fixed(recording, 16_000)).all()


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_six_channels_are_mixed(tmp_path, bits):
    frames = np.random.default_rng(0).integers(0, 256, (400, 6 * bits // 8), dtype=np.uint8)
    path = put(tmp_path, riff(fmt(channels=6, bits=bits), chunk(b"data", frames.tobytes())))
    if bits == 8:
        values = frames.astype(float) - 128
    else:
        padded = np.zeros((400, 6, 4), np.uint8)
        padded[:, :, 4 - bits // 8 :] = frames.reshape(400, 6, -1)
        values = padded.view("<i4")[:, :, 0] / 2.0 ** (32 - bits)
    recording = audio.read_wav(path)
    assert recording.channels == 6
    expected = values.mean(axis=1) * 2.0 ** (16 - bits)
    assert np.allclose(recording.samples, expected, rtol=1e-6, atol=1e-3)


# Headers that say something else than what follows


@pytest.mark.parametrize("options", ENCODINGS, ids=name_of)
def test_a_file_cut_short_is_refused_in_every_encoding(tmp_path, options):
    content = encoded(RAMP / 32768, **options)
    error = refusal(put(tmp_path, content[:-100]))
    assert error.reason.startswith("is cut short: ")
    assert error.reason.endswith(" bytes of its samples are missing")


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("size", [0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF])
def test_lengths_that_pipes_leave_mean_all_that_follows(tmp_path, bits, size):
    content = riff(fmt(bits=bits), chunk(b"data", SAMPLES, size))
    assert measure(put(tmp_path, content))["seconds"] == len(SAMPLES) * 8 // bits / RATE


@pytest.mark.parametrize("size", [0x7FFF_F000, 0xFFFF_FFFF])
def test_such_a_length_is_true_where_the_file_is_longer(size):
    """Only the header is looked at, so 5 GB need not be there."""
    head = io.BytesIO(riff(fmt(), chunk(b"data", b"", size)))
    assert layout(head, 5 * 10**9, Path("x.wav")).size == size


@pytest.mark.parametrize("whole", [2**63 - 1, 2**64 - 1])
def test_an_rf64_file_without_its_length_means_all_that_follows(tmp_path, whole):
    sizes = chunk(b"ds64", struct.pack("<QQQI", 2**64 - 1, whole, 0, 0))
    content = b"RF64" + b"\xff" * 4 + b"WAVE" + sizes + fmt() + chunk(b"data", SAMPLES, 2**32 - 1)
    assert np.array_equal(audio.read_wav(put(tmp_path, content)).samples, RAMP)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (riff(fmt(), chunk(b"data", SAMPLES, 0x9000_0000)), r"is cut short: \d+ bytes"),
        (riff(fmt(), chunk(b"data", b"") + SAMPLES), "holds no samples .* 1600 bytes follow"),
        (riff(fmt()), "cannot be decoded .no data chunk"),
        (riff(fmt())[:30], "is cut short before its samples"),
        (riff(fmt(), chunk(b"LIST", bytes(50)))[:70], "is cut short before its samples"),
        (riff(DATA, fmt()), "no fmt chunk before its samples"),
        (riff(chunk(b"fmt ", bytes(14)), DATA), "no fmt chunk before its samples"),
        (riff(fmt(), fmt(3, bits=32), DATA), "two fmt chunks"),
        (riff(*[chunk(b"JUNK", b"")] * 1001, fmt(), DATA), "more than 1000 chunks"),
        (riff(fmt(channels=1025), DATA), "has 1025 channels, more than 1024"),
        (riff(fmt(channels=1025, bits=24), DATA), "has 1025 channels, more than 1024"),
        (riff(fmt(rate=999), DATA), "has a sampling rate of 999 Hz"),
        (riff(fmt(rate=768_001, bits=24), DATA), "has a sampling rate of 768001 Hz"),
        (riff(fmt(bits=64), DATA), "cannot be decoded"),
        (riff(fmt(3, bits=16), DATA), "cannot be decoded"),
        (
            riff(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE, 4 * RATE, 4, 24)), DATA),
            "contradicts itself .frames of 4 bytes for 1 × 3 bytes",
        ),
        (
            # Its own header says 100 samples, the 64-bit one, which soundfile believes, 300.
            b"RF64\xff\xff\xff\xffWAVE"
            + chunk(b"ds64", struct.pack("<QQQI", 0, 900, 300, 0))
            + fmt(bits=24)
            + chunk(b"data", bytes(900), 300),
            "can be read as 100 samples or as 300",
        ),
        (b"\n<html><body>404</body></html>", "is a web page .HTML., not a WAV file"),
        (encoded(RAMP, format="MP3", subtype="MPEG_LAYER_III"), "is MP3, not WAV"),
        (b"ID3\3\0\0\0\0\1\0" + bytes(128) + encoded(RAMP, format="MP3"), "is MP3, not WAV"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is not a WAV file"),
        (bytes(5000), "is not a WAV file"),
    ],
)
def test_what_no_header_should_say_is_told(tmp_path, content, reason):
    path = put(tmp_path, content)
    for read in (measure, audio.read_wav):
        assert re.search(reason, refusal(path, read).reason)


LONG = chunk(b"data", SAMPLES + b"\1")


@pytest.mark.parametrize(
    "chunks",
    [
        (fmt(), DATA, DATA),
        (fmt(), DATA, chunk(b"LIST", b"odd"), fmt(), DATA),
        (fmt(), LONG, DATA),
        (fmt(), LONG[:-1], DATA),
        (fmt(), DATA, chunk(b"data", b"\1\2", 100)),
        (fmt(), DATA, *[chunk(b"JUNK", b"")] * 999, DATA),
    ],
)
def test_samples_in_a_second_chunk_are_told_of(tmp_path, chunks):
    """Else part of a recording would pass for the whole; only the check of recordings looks."""
    path = put(tmp_path, riff(*chunks))
    assert refusal(path).reason.startswith("has several data chunks")
    (row,) = inspect([{"clip": "a", "path": path}])
    assert row["verdict"] == "unusable"
    audio.read_wav(path)


def test_soundfile_takes_no_second_chunk(tmp_path):
    path = put(tmp_path, riff(fmt(bits=24), chunk(b"data", bytes(300)), DATA))
    for read in (measure, audio.read_wav):
        assert refusal(path, read).reason.startswith("cannot be decoded (")


@pytest.mark.parametrize(
    "rest",
    [
        chunk(b"data", b""),
        b"data",
        chunk(b"data", b"", 100),
        chunk(b"LIST", b"data" + bytes(8)),
        chunk(b"LIST", b"", 2**32 - 1) + DATA,
        bytes(100) + DATA[:-1600],
        bytes(20_000),
    ],
)
def test_what_else_follows_the_samples_is_passed_over(tmp_path, rest):
    path = put(tmp_path, riff(fmt(), DATA) + rest)
    assert measure(path)["seconds"] == RAMP.size / RATE


@pytest.mark.parametrize("bits", [16, 24])
def test_a_chunk_of_odd_size_without_its_padding(tmp_path, bits):
    content = riff(fmt(bits=bits), b"note\3\0\0\0odd", chunk(b"data", bytes(4) + SAMPLES[4:]))
    path = put(tmp_path, content)
    if bits == 16:
        assert audio.read_wav(path).samples.size == RAMP.size
    else:
        assert "cannot be decoded" in refusal(path).reason


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_values_that_are_not_finite_are_found_anywhere(tmp_path, monkeypatch, value, subtype):
    monkeypatch.setattr(wav_files, "_BLOCK_BYTES", 4096)
    values = np.zeros((3000, 2))
    values[2999, 1] = value
    path = put(tmp_path, encoded(values, format="WAV", subtype=subtype))
    assert "not finite" in refusal(path).reason
    assert "not finite" in refusal(path, audio.read_wav).reason
    # What is not wanted is not read.
    assert audio.read_wav(path, lambda rate: 2999).samples.size == 2999
