"""Augmentation of the sound itself: what each does, and that a copy hangs on its clip alone."""

from __future__ import annotations

import re

import librosa
import numpy as np
import pytest
from numpy.typing import NDArray

from serflow import network_inputs
from serflow.configuration import load_schema
from serflow.sound import augmented
from serflow.sound.augmented import AUGMENTATIONS, changed, needed, shifted, stretched

RATE = 16000


def tone(hertz: float, seconds: float = 1.0, rate: int = RATE) -> NDArray[np.float32]:
    time = np.arange(int(seconds * rate)) / rate
    return (8000 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def speechlike(size: int = RATE) -> NDArray[np.float32]:
    """Return a tone in noise whose pitch and loudness move."""
    time = np.arange(size) / RATE
    voice = np.sin(2 * np.pi * (150 * time + 8 * np.sin(5 * time))) * (1 + np.sin(9 * time))
    noise = np.random.Generator(np.random.PCG64(1)).standard_normal(size)
    return (3000 * (voice + 0.1 * noise)).astype(np.float32)


def loudest(signal: NDArray[np.float32], rate: int = RATE) -> float:
    """Return the frequency of the loudest partial of the middle half, Hz."""
    middle = signal[signal.size // 4 : -signal.size // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size), 16 * middle.size))
    return float(spectrum.argmax() * rate / (16 * middle.size))


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
@pytest.mark.parametrize("semitones", [-2.0, 0.5, 2.0])
def test_pitch_goes_up_by_semitones_and_the_length_stays(rate: int, semitones: float):
    signal = tone(440, rate=rate)
    high = shifted(signal, rate, semitones)
    assert high.shape == signal.shape
    assert high.dtype == np.float32
    # An octave has twelve semitones: two up from 440 Hz are 493.88 Hz.
    assert loudest(high, rate) == pytest.approx(440 * 2 ** (semitones / 12), rel=2e-3)
    # The middle is a tone still, and nearly as loud.
    middle = slice(rate // 4, -rate // 4)
    level = np.sqrt(np.mean(high[middle] ** 2) / np.mean(signal[middle] ** 2))
    assert 0.8 < level < 1.1


@pytest.mark.parametrize(("speed", "samples"), [(0.8, 20000), (1.0, 16000), (1.25, 12800)])
def test_stretching_changes_the_length_and_no_pitch(speed: float, samples: int):
    slow = stretched(tone(440), RATE, speed)
    assert slow.shape == (samples,)
    assert loudest(slow) == pytest.approx(440, rel=2e-3)


def test_stretching_moves_what_happens_when():
    """What is loudest at 0.5 s is loudest at 0.4 s, 1.25 times as fast."""
    signal = tone(440) * np.exp(-(((np.arange(RATE) / RATE - 0.5) / 0.05) ** 2)).astype(np.float32)
    fast = stretched(signal, RATE, 1.25)
    energy = np.square(fast, dtype=np.float64)
    centre = (energy * np.arange(fast.size)).sum() / energy.sum() / RATE
    assert centre == pytest.approx(0.4, abs=0.005)


def test_stretching_by_nothing_gives_the_signal_back():
    signal = speechlike()
    np.testing.assert_allclose(stretched(signal, RATE, 1.0), signal, atol=0.5)


@pytest.mark.parametrize("speed", [0.85, 1.15])
def test_the_vocoder_is_librosas(speed: float):
    signal = speechlike()
    theirs = librosa.effects.time_stretch(signal, rate=speed, n_fft=1024)
    ours = stretched(signal, RATE, speed)
    # They treat the first and the last window in another way, and phases sum up what differs.
    spectra = [np.abs(librosa.stft(s, n_fft=1024))[:, 8:-8] for s in (theirs[: ours.size], ours)]
    error = np.linalg.norm(spectra[0] - spectra[1]) / np.linalg.norm(spectra[0])
    assert error < 0.05


@pytest.mark.parametrize("size", [1, 100, 5000])
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_silence_and_short_clips(name: str, size: int):
    silence = changed(np.zeros(size, np.float32), RATE, name, 0, "a")
    np.testing.assert_array_equal(silence, np.zeros(size, np.float32))
    short = changed(speechlike(size), RATE, name, 0, "a")
    assert short.shape == (size,)
    assert np.isfinite(short).all()


def test_shifts_are_cyclic_and_short():
    ramp = np.arange(1000, dtype=np.float32)
    moved = {int(changed(ramp, RATE, "time_shift", copy, "a")[0]) for copy in range(200)}
    assert min((start + 500) % 1000 for start in moved) >= 400
    assert max((start + 500) % 1000 for start in moved) <= 600
    assert len(moved) > 80
    turned = changed(ramp, RATE, "time_shift", 0, "a")
    np.testing.assert_array_equal(np.roll(turned, -int(turned.argmin())), ramp)


def test_gains_lie_between_minus_and_plus_six_decibels():
    signal = speechlike(100)
    gains = [changed(signal, RATE, "gain", copy, "a")[50] / signal[50] for copy in range(200)]
    decibels = 20 * np.log10(gains)
    assert -6 <= decibels.min() < -5
    assert 5 < decibels.max() <= 6


def test_noise_has_the_ratio_that_was_drawn():
    signal = speechlike()
    ratios = []
    for copy in range(50):
        noise = changed(signal, RATE, "noise", copy, "a") - signal
        ratios.append(10 * np.log10(np.mean(signal**2) / np.mean(noise**2)))
    assert 9.8 < min(ratios) < 14
    assert 26 < max(ratios) < 30.2


def test_pitch_and_pace_are_drawn_within_their_ranges(monkeypatch: pytest.MonkeyPatch):
    seen: list[float] = []

    def note(signal: NDArray[np.float32], rate: int, value: float) -> NDArray[np.float32]:
        seen.append(value)
        return signal

    for name, function in (("pitch_shift", "shifted"), ("time_stretch", "stretched")):
        monkeypatch.setattr(augmented, function, note)
        for copy in range(200):
            changed(np.zeros(10, np.float32), RATE, name, copy, "a")
    assert min(seen[:200]) == pytest.approx(-2, abs=0.1)
    assert max(seen[:200]) == pytest.approx(2, abs=0.1)
    assert min(seen[200:]) == pytest.approx(0.85, abs=0.01)
    assert max(seen[200:]) == pytest.approx(1.15, abs=0.01)


def test_several_are_applied_in_order():
    signal = speechlike(4000)
    draws = augmented.stream("sound", "gain+noise", 1, "a/b")
    louder = augmented.gain(signal, RATE, draws)
    both = augmented.noise(louder, RATE, draws)
    np.testing.assert_array_equal(changed(signal, RATE, "gain+noise", 1, "a/b"), both)


@pytest.mark.parametrize("names", ["gain", "pitch_shift+noise"])
def test_a_copy_hangs_on_clip_names_and_number(names: str):
    signal = speechlike(4000)
    copies = [
        changed(signal, RATE, n, copy, clip)
        for n in (names, names + "+gain")
        for copy in (0, 1)
        for clip in ("a", "b")
    ]
    assert len({copy.tobytes() for copy in copies}) == len(copies)
    np.testing.assert_array_equal(changed(signal, RATE, names, 0, "a"), copies[0])


def test_the_schema_offers_just_these():
    families = load_schema()["properties"]["models"]["additionalProperties"]["allOf"]
    patterns = [
        family["then"]["properties"]["augmentations"]["items"]["pattern"]
        for family in families
        if "augmentations" in family["then"]["properties"]
    ]
    assert len(patterns) == 13
    for pattern in patterns:
        offered = {name for name in re.findall(r"[a-z_]+", pattern) if name.startswith("sound_")}
        assert offered == {f"sound_{name}" for name in AUGMENTATIONS}


def test_folders_of_copies():
    settings = {"family": "cnn1d", "rate": 16000, "copies": 2}
    changing = {**settings, "augmentation": "sound_pitch_shift+noise+sound_gain"}
    assert network_inputs.copy_folders(changing) == [
        "signals/16000~pitch_shift+gain.0",
        "signals/16000~pitch_shift+gain.1",
    ]
    del settings["copies"]
    assert network_inputs.copy_folders({**settings, "augmentation": "noise"}) == []


class Extreme:
    """Draws that are as high, or as low, as they can be."""

    def __init__(self, highest: bool) -> None:
        self.highest = highest

    def uniform(self, low: float, high: float) -> float:
        return high if self.highest else low


@pytest.mark.parametrize(
    ("names", "highest"),
    [
        *(("time_shift+time_stretch", (shift, pace)) for shift in (0, 1) for pace in (0, 1)),
        *(("time_stretch+time_shift", (pace, 0)) for pace in (0, 1)),
        # Of a faster one that is turned the other way, the silence behind it comes first, as of
        # any clip.
        ("time_stretch+time_shift", (0, 1)),
    ],
)
@pytest.mark.parametrize("kept", [0.1, 3.0, 40.0])
def test_what_is_seen_of_a_long_recording_is_full_of_sound(
    names: str, highest: tuple[int, int], kept: float
):
    size = int(kept * RATE)
    signal = tone(440, needed(size, RATE) / RATE)
    for name, high in zip(names.split("+"), highest, strict=True):
        signal = AUGMENTATIONS[name](signal, RATE, Extreme(bool(high)))  # type: ignore[arg-type]
    # Ends of the recording meet there, where a shift turns it round; nowhere is silence.
    pieces = signal[: size // 160 * 160].reshape(-1, 160)
    assert np.abs(pieces).max(axis=1).min() > 1000
    assert needed(size, RATE) < 1.3 * size + 5.1 * RATE
