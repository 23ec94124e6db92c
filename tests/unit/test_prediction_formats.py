"""Recordings that are no WAV, converted by the real ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from serflow.__main__ import main
from serflow.errors import ClipError
from serflow.prediction import decoding, recordings

RATE = 16_000
HERE = "Grüße, mein Anruf"
pytestmark = pytest.mark.skipif(
    shutil.which("ffmpeg") is None,
    reason="ffmpeg is not installed; on Debian: apt-get install ffmpeg",
)


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    time = np.arange(RATE) / RATE
    return np.round(8000 * np.sin(2 * np.pi * (200 + 150 * time) * time)).astype(np.int16)


@pytest.fixture
def stored(tmp_path: Path, samples: np.ndarray):
    def store(suffix: str) -> str:
        wav, other = tmp_path / "source.wav", tmp_path / f"{HERE}.{suffix}"
        soundfile.write(wav, np.stack([samples, samples], axis=1), RATE)
        command = ["ffmpeg", "-loglevel", "error", "-i", str(wav), str(other)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return str(other)

    return store


@pytest.mark.parametrize("suffix", ["flac", "aiff", "mp3", "ogg", "m4a", "opus", "webm"])
def test_other_formats_are_heard_as_wav_is(stored, suffix: str, samples: np.ndarray):
    read = recordings.read(stored(suffix))
    assert read.channels == 2
    if suffix in ("flac", "aiff"):
        np.testing.assert_array_equal(read.samples, samples)
        return
    # What has thrown sound away, and may have another rate: the same tone, as loud and as long.
    assert read.samples.size / read.rate == pytest.approx(1, abs=0.15)
    middle = read.samples[read.rate // 4 : 3 * read.rate // 4].astype(np.float64)
    assert np.sqrt((middle**2).mean()) == pytest.approx(8000 / np.sqrt(2), rel=0.1)
    pitch = np.count_nonzero(np.diff(np.signbit(middle))) / 2 / 0.5
    # 200 + 300 t Hz in the middle half second: 350 Hz on average.
    assert pitch == pytest.approx(350, rel=0.1)


def test_what_is_decoded_is_neither_rounded_nor_weighed(tmp_path: Path):
    """More bits than 16, and three channels, of which the mix by ffmpeg is not the mean."""
    generator = np.random.default_rng(0)
    values = generator.integers(-(2**23), 2**23, (5000, 3))
    soundfile.write(tmp_path / "a.flac", values / 2**23, RATE, "PCM_24")
    read = recordings.read(str(tmp_path / "a.flac"))
    assert (read.channels, read.rate) == (3, RATE)
    np.testing.assert_array_equal(read.samples, (values.mean(axis=1) / 2**8).astype(np.float32))


def test_a_long_one_is_gathered_in_order_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(decoding, "_GROWTH", 2**17)
    # More than a block, and more than what room is made for at once.
    values = np.random.default_rng(0).integers(-9, 9, 3_000_000).astype(np.int16)
    path = tmp_path / "long.flac"
    soundfile.write(path, values, 48_000)
    np.testing.assert_array_equal(recordings.read(str(path)).samples, values)
    monkeypatch.setattr(decoding, "LONGEST", values.size - 1)
    with pytest.raises(ClipError, match=r"is too long to be read whole \(more than 0.0 hours at"):
        recordings.read(str(path))


def test_a_film_without_sound_and_rubbish_are_told(tmp_path: Path):
    film = tmp_path / "film.mp4"
    picture = ["-f", "lavfi", "-i", "color=size=16x16:duration=0.2"]
    subprocess.run(["ffmpeg", "-loglevel", "error", *picture, str(film)], check=True)
    rubbish = tmp_path / "rubbish.mp3"
    rubbish.write_bytes(np.random.default_rng(0).bytes(4000))
    for path in (film, rubbish):
        with pytest.raises(ClipError, match=r"is neither WAV nor anything ffmpeg can read; conv"):
            recordings.read(str(path))


def test_without_ffmpeg_the_message_says_what_to_install(
    stored, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    given = stored("mp3")
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = r"is MP3, not WAV; install ffmpeg, which reads other formats, or convert it to WAV"
    with pytest.raises(ClipError, match=wanted):
        recordings.read(given)


def test_a_folder_of_other_formats_says_how_to_give_them(
    stored, capsys: pytest.CaptureFixture[str]
):
    folder = Path(stored("flac")).parent
    (folder / "source.wav").unlink()
    assert main(["predict", str(folder), "--model", "nowhere"]) == 1
    assert (
        f"no WAV is in this folder; give other formats by a pattern, such as '{folder}/*.mp3'"
        in (capsys.readouterr().err)
    )
    assert recordings.meant([f"{folder}/*.flac"]) == [str(folder / f"{HERE}.flac")]
