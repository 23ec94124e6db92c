"""The page of predictions: what it shows of an answer, and that names cannot break it."""

from __future__ import annotations

import base64
import io
import itertools
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from serflow.figures.colours import PALETTE
from serflow.prediction.asking import Told
from serflow.prediction.page import content as page
from serflow.prediction.page import label_colours, pictures
from serflow.prediction.windows import Answer
from serflow.sound.audio import Recording

RATE = 8000
LABELS = ["Angry", "Calm", "Sad"]


def tone(seconds: float, rate: int = RATE, pitch: float = 1000) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return (8000 * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def answer(windows: int, seconds: float = 0.5) -> Answer:
    generator = np.random.default_rng(windows)
    values = generator.dirichlet(np.ones(len(LABELS)), size=windows)
    return Answer(values.mean(axis=0), [float(n) for n in range(windows)], seconds, values)


def told(*answers: tuple[str, Answer], unusable: list[tuple[str, str]] | None = None) -> Told:
    return Told(LABELS, None, 0.5, list(answers), unusable or [])


@pytest.fixture
def model(tmp_path: Path) -> list[Path]:
    return [tmp_path / "somewhere" / "fold0_seed0.skops"]


def write(folder: Path, given: Told, files: list[Path], **settings: bool) -> str:
    page.write_page(folder / "page.html", given, files, **settings)
    return (folder / "page.html").read_text(encoding="utf-8")


# Pictures.


def test_a_waveform_is_between_its_extremes():
    samples = np.zeros(4000, np.float32)
    samples[1000], samples[3000] = 200, -100
    path = pictures.waveform(Recording(samples, RATE, 1))
    y = [float(point.split()[1]) for point in path.strip("MZ").split("L")]
    # The loudest sample touches the upper edge, one half as loud below goes half way down.
    assert (min(y), max(y)) == (0.0, 1.5)
    assert len(y) == 2 * pictures.COLUMNS


@pytest.mark.parametrize("samples", [np.zeros(5), np.ones(1), np.full(900, -3)])
def test_any_recording_has_a_waveform_and_a_spectrogram(samples: np.ndarray):
    recording = Recording(samples.astype(np.float32), RATE, 1)
    assert pictures.waveform(recording).startswith("M")
    Image.open(io.BytesIO(pictures.spectrogram(recording))).verify()


@pytest.mark.parametrize("rate", [1000, 8000, 16000, 48000])
def test_a_tone_is_where_the_axis_says(rate: int):
    pitch = rate / 8
    recording = Recording(tone(1, rate, pitch), rate, 1)
    image = Image.open(io.BytesIO(pictures.spectrogram(recording)))
    column = np.asarray(image)[:, image.width // 2]
    at = 1 - (column.argmax() + 0.5) / image.height
    marks = pictures.frequencies(rate)
    positions = [position for position, _ in marks]
    hertz = [float(text.replace("\u202f", "")) for _, text in marks]
    assert np.interp(pitch, hertz, positions) == pytest.approx(at, abs=0.06)
    assert all(b - a > 0.08 for a, b in itertools.pairwise(positions))


@pytest.mark.parametrize(
    ("seconds", "texts"),
    [
        (0.465, ["0", "0.1", "0.2", "0.3", "0.4"]),
        (3.24, ["0", "1", "2", "3"]),
        (60, ["0", "10", "20", "30", "40", "50", "60"]),
        (
            7200,
            [
                "0",
                "1\u202f200",
                "2\u202f400",
                "3\u202f600",
                "4\u202f800",
                "6\u202f000",
                "7\u202f200",
            ],
        ),
    ],
)
def test_marks_of_time(seconds: float, texts: list[str]):
    marks = pictures.times(seconds)
    assert [text for _, text in marks] == texts
    assert all(0 <= at <= 1 for at, _ in marks)


def test_steps_stand_for_the_second_around_a_windows_middle():
    windows = np.array([[1.0, 0.0], [0.0, 1.0], [0.25, 0.75]])
    given = Answer(windows.mean(axis=0), [0.0, 1.0, 2.0], 1.5, windows)
    steps = pictures.steps(given, 4.0)
    assert steps is not None
    # Middles at 0.75, 1.75, 2.75 s; what is before the first and behind the last belongs to them.
    assert steps.edges.tolist() == [0.0, 1.25, 2.25, 4.0]
    first, second = steps.lines()
    assert first == "M0 0.0000H0.31250V1.0000H0.56250V0.7500H1"
    assert second == "M0 1.0000H0.31250V0.0000H0.56250V0.2500H1"
    assert pictures.steps(answer(1), 0.5) is None


def test_of_hours_neighbouring_windows_are_averaged():
    windows = np.arange(2500, dtype=float)[:, None]
    given = Answer(windows.mean(axis=0), [float(n) for n in range(2500)], 1.0, windows)
    steps = pictures.steps(given, 2501.0)
    assert steps is not None
    assert len(steps.values) == len(steps.edges) - 1 <= pictures.STEPS
    assert steps.values[:2, 0].tolist() == [1.0, 4.0]
    assert steps.values[-1, 0] == 2499


@pytest.mark.parametrize(
    ("values", "limits"),
    [([0.1, 0.9], (0.0, 0.9)), ([-3.2, 4.1], (-4, 5)), ([2.0], (2.0, 3.0)), ([0.0], (0.0, 1.0))],
)
def test_limits_of_estimates_are_round(values: list[float], limits: tuple[float, float]):
    low, high = pictures.scale(values)
    assert (low, high) == pytest.approx(limits, abs=0.11)
    assert low <= min(values)
    assert max(values) <= high
    assert low < high


# Colours.


def test_contrast_is_that_of_wcag():
    assert label_colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert label_colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_labels_are_seen_on_both_papers_and_told_apart():
    looks = label_colours.looks(32)
    for look in looks:
        assert label_colours.contrast(look.light, label_colours.LIGHT) >= label_colours.CONTRAST
        assert label_colours.contrast(look.dark, label_colours.DARK) >= label_colours.CONTRAST
    assert len({(look.light, look.dash) for look in looks}) == 32
    assert len({look.light for look in looks[: len(PALETTE)]}) == len(PALETTE)


# The page.


def test_what_is_said_stands_there(tmp_path: Path, model: list[Path]):
    soundfile.write(tmp_path / "a.wav", tone(3).astype(np.int16), RATE)
    given = answer(3)
    text = write(tmp_path, told((str(tmp_path / "a.wav"), given)), model)
    best = LABELS[int(given.values.argmax())]
    assert f'<p class="answer"><strong>{best}</strong></p>' in text
    for value in given.values:
        assert f'<span class="value">{value:.3f}</span>' in text
    steps = pictures.steps(given, 3.0)
    assert steps is not None
    assert all(f'<path d="{line}"' in text for line in steps.lines())
    assert "Where the model comes from is not known" in text
    (sound,) = re.findall(r'src="data:audio/mpeg;base64,([^"]+)"', text)
    with soundfile.SoundFile(io.BytesIO(base64.b64decode(sound))) as played:
        assert played.frames / played.samplerate == pytest.approx(3, abs=0.2)


def test_sound_can_be_left_out(tmp_path: Path, model: list[Path]):
    soundfile.write(tmp_path / "a.wav", tone(1).astype(np.int16), RATE)
    text = write(tmp_path, told((str(tmp_path / "a.wav"), answer(1))), model, audio=False)
    assert "<audio" not in text
    assert "data:image/png" in text


def test_what_is_too_long_is_cut_and_said(
    tmp_path: Path, model: list[Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(page, "SOUND_BYTES", 20_000)
    soundfile.write(tmp_path / "a.wav", tone(30).astype(np.int16), RATE)
    text = write(tmp_path, told((str(tmp_path / "a.wav"), answer(30))), model)
    (sound,) = re.findall(r'src="data:audio/mpeg;base64,([^"]+)"', text)
    content = base64.b64decode(sound)
    assert len(content) <= 20_000
    (held,) = re.findall(r"The player has the first ([0-9.]+) s of it", text)
    with soundfile.SoundFile(io.BytesIO(content)) as played:
        assert played.frames / played.samplerate == pytest.approx(float(held), abs=0.2)


def test_of_many_recordings_the_first_are_shown(
    tmp_path: Path, model: list[Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(page, "MOST_SHOWN", 2)
    monkeypatch.setattr(page, "MOST_ROWS", 3)
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(0.5).astype(np.int16), RATE)
    text = write(tmp_path, told(*[(str(path), answer(1))] * 5), model)
    assert text.count('class="recording"') == 2
    assert text.count('<th scope="row" class="left">') == 3
    assert "The table shows the first 3 recordings." in text
    assert "Player and pictures are of the first 2 recordings" in text


def test_a_recording_that_has_gone_is_told(tmp_path: Path, model: list[Path]):
    text = write(tmp_path, told((str(tmp_path / "gone.wav"), answer(1))), model)
    assert "gone.wav: cannot be read" in text


def test_hostile_names_are_text(tmp_path: Path, model: list[Path]):
    name = '"><script>alert(1)</script>\u202e.wav'
    given = Told(["<b>", "</script><em>"], None, 0.5, [], [(name, "is <empty>")])
    soundfile.write(tmp_path / "a.wav", tone(2).astype(np.int16), RATE)
    windows = np.array([[0.5, 0.5], [0.1, 0.9]])
    said = Answer(windows.mean(axis=0), [0.0, 1.0], 0.5, windows)
    given.answers.append((str(tmp_path / "a.wav"), said))
    text = write(tmp_path, given, model)
    assert "<script>alert" not in text
    assert "<em>" not in text
    assert "\u202e" not in text
    assert "is &lt;empty&gt;" in text


def test_estimates_are_numbers_and_not_labels(tmp_path: Path, model: list[Path]):
    soundfile.write(tmp_path / "a.wav", tone(3).astype(np.int16), RATE)
    windows = np.array([[1.5], [-2.25], [3.0]])
    given = Told(["arousal"], "arousal", 0.5, [], [])
    given.answers.append(
        (str(tmp_path / "a.wav"), Answer(windows.mean(axis=0), [0.0, 1.0, 2.0], 0.5, windows))
    )
    text = write(tmp_path, given, model)
    assert '<p class="answer">arousal: <strong>0.750</strong></p>' in text
    assert 'class="bars"' not in text
