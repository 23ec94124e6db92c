"""Who follows ``preprocessing.json`` without SERflow gets what the networks were trained on.

The program of the model card is that follower: it uses soundfile, soxr, librosa and Pillow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from serflow import network_inputs
from serflow.export.example import packages, program
from serflow.export.preprocessing import describe
from serflow.networks.speakers import SpeakerStandardised
from serflow.prediction.chain import network_input
from serflow.sound.audio import read_wav

RATE = 11025
EXTRACTION: dict[str, Any] = {
    "spectrogram.hop_seconds": 0.015,
    "spectrogram.frames": 40,
    "spectrogram.n_fft": 512,
    "spectrogram.n_mels": 60,
    "images": {"power": 1.0, "log_offset": 1e-9},
}
MEL = {"rate": 8000, "n_fft": 512, "hop_seconds": 0.01, "n_mels": 32}
# Settings, and by how much a value may differ: FFTs and filters round otherwise, which moves a grey
# value across a whole number now and then, and a decibel to the next float16.
KINDS: dict[str, tuple[dict[str, Any], float]] = {
    "signal": ({"family": "cnn1d", "rate": 8000}, 0.01),
    "signal at its own rate": ({"family": "cnn1d", "rate": None}, 0.01),
    "image": ({"family": "cnn2d", "size": [24, 16]}, 1),
    "stft": ({"family": "cnn_stft", "rate": 8000, "n_fft": 512, "hop_length": 128}, 0.07),
    "log_mel": ({"family": "crnn", **MEL}, 0.07),
    "mfcc": ({"family": "lstm", "input": "mfcc", "n_mfcc": 13, **MEL}, 0.01),
}


@pytest.fixture
def wavs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A stereo recording longer than what is heard, one that is shorter, and one of 24 bits."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    made = []
    for number, (seconds, channels, kind) in enumerate(
        [(0.9, 2, "PCM_16"), (0.4, 1, "PCM_16"), (0.7, 1, "PCM_24")], 1
    ):
        times = np.arange(int(seconds * RATE)) / RATE
        tone = np.sin(2 * np.pi * 300 * number * times) * np.exp(-times)
        samples = 0.3 * tone[:, None] + 0.02 * random.standard_normal((times.size, channels))
        made.append(tmp_path / f"mine_{number}.wav")
        soundfile.write(made[-1], samples, RATE, subtype=kind)
    return made


def followed(
    settings: dict[str, Any], shape: tuple[int, ...], until: str, rate: int = RATE
) -> dict[str, Any]:
    """Run the card's program up to a line that begins with `until`; return what it defines."""
    normalisation = {"kind": network_inputs.normalisation(settings)}
    told = describe(settings, EXTRACTION, ["a", "b"], shape, [rate], {"fold0_seed0": normalisation})
    Path("preprocessing.json").write_text(json.dumps(told), encoding="utf-8")
    source = program(told)
    assert until in source
    names: dict[str, Any] = {}
    exec(compile(source.partition(until)[0], "card", "exec"), names)
    imported = {"numpy": "np", "pillow": "Image"}
    assert {imported.get(name, name) for name in packages(told)} <= set(names)
    return names


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_becomes_the_same_input(kind: str, wavs: list[Path]) -> None:
    settings, most = KINDS[kind]
    settings = {"normalisation": "training", **settings}
    wanted = [network_input(read_wav(wav), settings, EXTRACTION) for wav in wavs]
    names = followed(settings, wanted[0].shape, "\nclips = ")
    for wav, stored in zip(wavs, wanted, strict=True):
        got = names["network_input"](wav)
        assert got.dtype == np.float32
        assert got.shape == stored.shape
        difference = np.abs(got - stored.astype(np.float32))
        assert difference.max() <= most
        # Only here and there, and not because nothing is in it.
        assert difference.mean() < most / 20
        assert np.ptp(stored.astype(np.float32)) > 50 * most


@pytest.mark.parametrize("kind", KINDS)
def test_real_recordings_become_the_same_input(
    kind: str, ravdess: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings, most = KINDS[kind]
    settings = {"normalisation": "training", **settings}
    found = sorted(ravdess.rglob("*.wav"))
    heard = [found[0], found[len(found) // 2], found[-1]]
    wanted = [network_input(read_wav(wav), settings, EXTRACTION) for wav in heard]
    names = followed(settings, wanted[0].shape, "\nclips = ", rate=48000)
    for wav, stored in zip(heard, wanted, strict=True):
        difference = np.abs(names["network_input"](wav) - stored.astype(np.float32))
        assert difference.max() <= most
        assert difference.mean() < most / 20


@pytest.mark.parametrize("kind", ["signal", "log_mel"])
def test_clips_of_a_speaker_become_the_same(kind: str, wavs: list[Path]) -> None:
    settings, _ = KINDS[kind]
    settings = {**settings, "normalisation": "speaker"}
    inputs = np.stack([network_input(read_wav(wav), settings, EXTRACTION) for wav in wavs])
    wanted = SpeakerStandardised(inputs, ["one"] * 3)[np.arange(3)]
    clips = followed(settings, inputs.shape[1:], "\nsaid = ")["clips"]
    np.testing.assert_allclose(clips, wanted, atol=0.02)
    assert clips.dtype == np.float32
