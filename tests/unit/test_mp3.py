"""MP3 copies for players: the same bytes each time, and the same sound as before."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from serflow.sound import mp3


def tone(rate: int, hertz: float = 440.0, seconds: float = 1.0) -> np.ndarray:
    time = np.arange(int(rate * seconds)) / rate
    return (8000 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


@pytest.mark.parametrize(
    ("rate", "kept"),
    [(8000, 8000), (16000, 16000), (22050, 22050), (48000, 24000), (20000, 16000), (6000, 8000)],
)
def test_a_tone_comes_back(rate: int, kept: int) -> None:
    assert mp3.rate_for(rate) == kept
    packed = mp3.encode(tone(rate), rate)
    sound, found = soundfile.read(io.BytesIO(packed))
    assert found == kept
    assert sound.ndim == 1
    assert len(sound) / kept == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(sound))
    loudest = np.fft.rfftfreq(len(sound), 1 / kept)[spectrum.argmax()]
    assert loudest == pytest.approx(440, abs=3)
    middle = sound[len(sound) // 4 : -len(sound) // 4]
    level = 0.95 * 8000 / 32768 / np.sqrt(2)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(level, rel=0.01)
    assert len(packed) < 12_000


def test_the_same_sound_gives_the_same_bytes() -> None:
    assert mp3.encode(tone(22050), 22050) == mp3.encode(tone(22050), 22050)


def test_what_is_too_loud_is_cut_and_does_not_turn_over() -> None:
    sound, _ = soundfile.read(io.BytesIO(mp3.encode(10 * tone(16000), 16000)))
    middle = sound[4000:-4000]
    # Turned over, it would be noise: a cut sine keeps its period.
    assert np.corrcoef(middle[:-400], middle[400:])[0, 1] > 0.99


@pytest.mark.parametrize("rate", mp3.RATES)
def test_recordings_of_any_rate_stay_within_the_budget(rate: int) -> None:
    noise = np.random.default_rng(0).normal(0, 5000, 20 * rate).astype(np.float32)
    seconds = mp3.seconds_within(500_000, 7, most=15.0)
    assert seconds == 6.8
    assert 7 * len(mp3.encode(noise[: int(seconds * rate)], rate)) < 500_000


def test_few_recordings_are_no_longer_than_wanted() -> None:
    assert mp3.seconds_within(2_000_000, 10, most=15.0) == 15
    assert mp3.seconds_within(2_000_000, 0, most=15.0) == 15
