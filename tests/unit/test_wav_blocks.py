"""Recordings of any length take little memory: they are read in blocks, and only what is kept."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
import soxr
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
    script_output,
)

from serflow.errors import ClipError, UserError
from serflow.sound import audio, cepstra, signals, wav_files
from serflow.sound.recordings import measure
from serflow.sound.sliding import Sliding
from serflow.sound.spectra import Analysis, mel_spectrograms
from serflow.sound.wav_files import WavFile

ANALYSIS = Analysis(n_fft=1024, hop_seconds=0.015, n_mels=40, frames=20)
SAMPLES = RAMP.tobytes()
DATA = chunk(b"data", SAMPLES)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("options", ENCODINGS, ids=name_of)
def test_blocks_and_parts_give_the_same_as_the_whole(tmp_path, monkeypatch, options, channels):
    channels = 1 if options["subtype"] == "GSM610" else channels
    values = np.random.default_rng(1).uniform(-0.9, 0.9, (5000, channels))
    path = put(tmp_path, encoded(values, **options))
    whole, found = audio.read_wav(path).samples, measure(path)
    coefficients = cepstra.mfcc(whole, RATE, frames=10)
    monkeypatch.setattr(wav_files, "_BLOCK_BYTES", 1000)
    assert np.array_equal(audio.read_wav(path).samples, whole)
    assert measure(path) == found
    with WavFile(path) as wav:
        sizes = [block.size for block in wav.blocks()]
        assert len(sizes) > 4
        assert sum(sizes) == wav.frames == whole.size
        # Again from the beginning.
        sliding = Sliding(wav.blocks(), wav.frames)
        assert np.array_equal(cepstra.mfcc(sliding, RATE, frames=10), coefficients)
    for size in (1, 999, 1000, 4999, 10**6):
        part = audio.read_wav(path, lambda rate, size=size: size).samples
        assert np.array_equal(part, whole[:size])


def test_sliding_forgets_what_lies_behind():
    values = np.arange(100, dtype=np.float32)
    blocks = iter(np.split(values, [7, 8, 50]))
    sliding = Sliding(blocks, 100)
    # Overlapping, with a gap over whole blocks, beyond the end.
    for part in (slice(0, 5), slice(3, 30), slice(60, 70), slice(95, 120), slice(120, 130)):
        assert np.array_equal(sliding[part], values[part])
    with pytest.raises(IndexError, match="forgotten"):
        sliding[0:5]


@pytest.mark.parametrize("analysis", [ANALYSIS, Analysis(n_fft=301, n_mels=20, frames=7)])
@pytest.mark.parametrize("rate", [8000, 44_100])
def test_spectrograms_hang_on_the_samples_that_are_wanted(analysis, rate):
    samples = np.random.default_rng(2).standard_normal(4 * rate).astype(np.float32)
    (whole,) = mel_spectrograms(samples, rate, analysis, (2,))
    needed = analysis.samples(rate)
    (part,) = mel_spectrograms(samples[:needed], rate, analysis, (2,))
    assert np.array_equal(part, whole)
    (less,) = mel_spectrograms(samples[: needed - analysis.n_fft // 4], rate, analysis, (2,))
    assert not np.array_equal(less, whole)


@pytest.mark.parametrize(
    ("own", "rate"),
    [(8000, None), (48_000, 16_000), (44_100, 16_000), (8000, 22_050), (192_000, 4000)],
)
def test_signals_hang_on_the_samples_that_are_wanted(own, rate):
    samples = np.random.default_rng(3).standard_normal(20 * own).astype(np.float32) * 3000
    needed = signals.samples_wanted(own, rate, frames=99)
    assert needed < samples.size
    part = signals.fixed(audio.Recording(samples[:needed], own, 1), rate, frames=99)
    whole = samples if rate is None else soxr.resample(samples, own, rate, quality="HQ")
    assert np.array_equal(part, whole[: part.size])
    with pytest.raises(UserError, match="hop_seconds"):
        signals.samples_wanted(own, rate, hop_seconds=1e-5)


def test_a_file_that_shrinks_while_it_is_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(wav_files, "_BLOCK_BYTES", 16_384)
    path = put(tmp_path, riff(fmt(), chunk(b"data", bytes(200_000))))
    with WavFile(path) as wav:
        blocks = wav.blocks()
        assert next(blocks).size == 8192
        os.truncate(path, 20_000)
        with pytest.raises(ClipError, match=r"is cut short: \d+ samples are missing"):
            list(blocks)


def test_what_is_too_long_to_be_held_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(audio, "LONGEST", 799)
    path = put(tmp_path, riff(fmt(), DATA))
    assert "is too long to be read whole" in refusal(path, audio.read_wav).reason
    assert audio.read_wav(path, lambda rate: 799).samples.size == 799


SILENCE = """
import json, resource, struct, sys
from serflow.sound.audio import read_wav
from serflow.sound.recordings import measure
from serflow.sound.spectra import Analysis

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before = peak_mb()
part = read_wav(sys.argv[1], Analysis().samples).samples.size
after = peak_mb()
found = measure(sys.argv[1])
print(json.dumps([part, found, after - before, peak_mb() - before]))
"""


def test_two_gigabytes_of_silence_take_little_memory(tmp_path, root):
    """A sparse file; the interpreter of its own tells how much memory was held at most."""
    size = 2**31 - 2**20
    path = put(tmp_path, riff(fmt(channels=2, bits=32), chunk(b"data", b"", size)))
    os.truncate(path, 44 + size)
    assert path.stat().st_blocks * 512 < 2**20
    part, found, first, all_ = json.loads(script_output(SILENCE, root, path, timeout=600))
    assert part == Analysis().samples(RATE)
    assert (found["seconds"], found["peak"]) == (size / 8 / RATE, 0.0)
    assert first < 50
    assert all_ < 200
