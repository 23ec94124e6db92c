"""The long-term spectrum of signals whose spectrum is known."""

from __future__ import annotations

import numpy as np
import pytest

from serflow.sound.long_term import long_term_spectrum


def test_two_tones_stand_where_and_as_strong_as_they_are() -> None:
    rate = 16000
    time = np.arange(rate) / rate
    weak = 0.1 * np.sin(2 * np.pi * 3000 * time)
    samples = (1000 * (np.sin(2 * np.pi * 500 * time) + weak)).astype(np.float32)
    frequencies, level = long_term_spectrum(samples, rate)
    assert frequencies[0] == 0
    assert frequencies[-1] == rate / 2
    assert level.max() == 0
    assert frequencies[level.argmax()] == pytest.approx(500, abs=8)
    high = frequencies > 2000
    assert frequencies[high][level[high].argmax()] == pytest.approx(3000, abs=8)
    # A tenth of the amplitude is 20 dB less.
    assert level[high].max() == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("size", [0, 1, 100])
def test_silence_and_what_is_shorter_than_a_window(size: int) -> None:
    frequencies, level = long_term_spectrum(np.zeros(size, np.float32), 8000)
    assert len(frequencies) == len(level)
    assert (level == -90).all()
