"""Images: the sheet's pixel values, OpenCV's bytes."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import cv2
import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from serflow.errors import UserError
from serflow.sound import audio, images, spectra


def test_by_hand():
    """Logarithms 0, 1, 2, 4 between extremes 0 and 4: 0, 63.75, 127.5, 255, rounded down."""
    magnitude = np.exp(np.array([[0.0, 1.0], [2.0, 4.0]])).astype(np.float32)
    pixels = images.image(magnitude, offset=0.0)
    assert pixels.dtype == np.uint8
    assert pixels.tolist() == [[0, 63], [127, 255]]


def test_the_offset_is_added_before_the_logarithm():
    """log(0 + 1) = 0, log(e − 1 + 1) = 1, log(e² − 1 + 1) = 2."""
    magnitude = np.array([[0.0, np.e - 1, np.e**2 - 1]], dtype=np.float32)
    assert images.image(magnitude, offset=1.0).tolist() == [[0, 127, 255]]


@pytest.mark.parametrize("value", [0.0, 3.5])
def test_a_constant_spectrogram_is_black(value):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pixels = images.image(np.full((5, 4), value, np.float32))
    assert pixels.shape == (5, 4)
    assert not pixels.any()


def test_the_spectrogram_is_left_as_it_was():
    magnitude = np.arange(12, dtype=np.float32).reshape(3, 4)
    images.image(magnitude)
    assert magnitude.tolist() == np.arange(12).reshape(3, 4).tolist()


def by_the_sheet(path: Path) -> np.ndarray:
    """librosa in its own float64 transform, the sheet's steps as it lists them."""
    recording = audio.read_wav(path)
    rate = recording.rate
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # empty filters
        x = librosa.feature.melspectrogram(
            y=recording.samples,
            sr=rate,
            n_mels=3401,
            n_fft=16384,
            hop_length=int(rate * 0.015),
            power=1,
        )
    x = np.log(librosa.util.fix_length(x, size=200, axis=1) + 1e-9)
    return ((x - x.min()) / (x.max() - x.min()) * 255).astype(np.uint8)


@pytest.mark.parametrize(
    "name",
    [
        "Actor_01/03-01-05-02-01-01-01",
        "Actor_01/03-01-02-01-01-02-01",
        "Actor_12/03-01-04-01-02-02-12",
    ],
)
def test_real_clips_as_the_sheet(ravdess, name):
    """A float32 transform moves a value over an integer's edge here and there: by one, rarely."""
    path = ravdess / f"{name}.wav"
    recording = audio.read_wav(path)
    magnitude = spectra.mel_spectrogram(recording.samples, recording.rate, spectra.Analysis(), 1)
    ours = images.image(magnitude)
    difference = np.abs(ours.astype(int) - by_the_sheet(path))
    assert difference.max() <= 1
    assert (difference > 0).mean() <= 1e-4


@pytest.mark.parametrize("shape", [(3401, 200), (7, 5), (1, 1)])
def test_the_file_is_cv2_imwrites(tmp_path, shape):
    generator = np.random.Generator(np.random.PCG64(1))
    pixels = (generator.random(shape) ** 3 * 255).astype(np.uint8)
    assert cv2.imwrite(str(tmp_path / "theirs.png"), pixels)
    images.write_png(tmp_path / "ours.png", pixels)
    assert (tmp_path / "ours.png").read_bytes() == (tmp_path / "theirs.png").read_bytes()
    read = cv2.imread(str(tmp_path / "ours.png"), cv2.IMREAD_GRAYSCALE)
    assert np.array_equal(read, pixels)


@pytest.mark.parametrize(
    "name", ["Bär 01.png", "Ba\u0308r.png", "情感.png", "a'b\"c.png", "-x.png"]
)
def test_any_file_name(tmp_path, name):
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    images.write_png(tmp_path / "Wütend" / name, pixels)
    decoded = cv2.imdecode(
        np.frombuffer((tmp_path / "Wütend" / name).read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED
    )
    assert np.array_equal(decoded, pixels)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "clip.png"
    images.write_png(path, np.zeros((2, 2), np.uint8))
    before = path.read_bytes()

    def fail(self, data):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="disk full"):
        images.write_png(path, np.ones((2, 2), np.uint8))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["clip.png"]


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)))
def test_what_was_written_is_read(pixels):
    with tempfile.TemporaryDirectory() as folder:
        images.write_png(Path(folder, "ä.png"), pixels)
        read = images.read_png(Path(folder, "ä.png"))
    assert read.dtype == np.uint8
    assert np.array_equal(read, pixels)


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_told(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.png: not a PNG image; delete it"):
        images.read_png(tmp_path / "a.png")
