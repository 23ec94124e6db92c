"""The synthetic demonstration corpus: its names, its rules and its sounds."""

from __future__ import annotations

import hashlib
import importlib
import io
import math
import os
import platform
import random
import subprocess
import sys
import wave
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.random import RandomState

import serflow
from serflow.corpora import ravdess
from serflow.errors import UserError
from serflow.synthesis import acoustics, espeak
from serflow.synthesis.corpus import NOTE, render, synthesize, wav
from serflow.synthesis.espeak import RATE, Engine
from serflow.synthesis.manners import MANNERS
from serflow.synthesis.names import LABELS, MTIME_NS, clips
from serflow.synthesis.prosody import plan, voice_of
from serflow.synthesis.randomness import stream

# From espeakng-loader 0.2.4: another eSpeak NG makes other sounds.
PINNED = {
    "Train/Angry/03-01-05-01-01-01-31": "99c637a2bd1989cc",
    "Test/Sad/03-01-04-02-02-02-42": "a2a8b5005605369c",
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    pytest.importorskip("espeakng_loader", reason="the optional extra serflow[demo] is missing")
    with Engine() as running:
        yield running


def by_clip(speakers: int = 12, repetitions: int = 2) -> dict[str, dict[str, str]]:
    return {row["clip"]: row for row in clips(speakers, repetitions, 2)}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


# Names


def test_the_default_corpus_is_balanced():
    rows = clips(12, 2, 2)
    assert len(rows) == len({row["clip"] for row in rows}) == 384
    assert set(Counter((row["speaker"], row["label"]) for row in rows).values()) == {8}
    assert [row["clip"] for row in rows] == sorted(row["clip"] for row in rows)
    assert {row["speaker"] for row in rows if row["split"] == "test"} == {"40", "41", "42"}
    assert rows[-1] == {
        "clip": "Train/Sad/03-01-04-02-02-02-39",
        "path": "Train/Sad/03-01-04-02-02-02-39.wav",
        "label": "Sad",
        "speaker": "39",
        "split": "train",
        "gender": "male",
        "intensity": "strong",
        "statement": "02",
        "repetition": "02",
    }


@pytest.mark.parametrize(("speakers", "tested"), [(2, 1), (4, 1), (7, 1), (8, 2), (69, 17)])
def test_the_last_quarter_of_the_speakers_is_for_testing(speakers, tested):
    split = {row["speaker"]: row["split"] for row in clips(speakers, 1, 1)}
    assert sorted(split) == [str(31 + index) for index in range(speakers)]
    given = [split[speaker] for speaker in sorted(split)]
    assert given == [*["train"] * (speakers - tested), *["test"] * tested]


def test_no_synthetic_name_is_a_real_one():
    real = {row["clip"].split("/")[-1] for row in ravdess.enumerate_clips(LABELS)}
    assert real.isdisjoint(row["clip"].split("/")[-1] for row in clips(69, 2, 2))


@pytest.mark.parametrize(
    ("numbers", "key"),
    [
        ((1, 2, 2), "speakers"),
        ((70, 2, 2), "speakers"),
        ((2, 0, 2), "repetitions"),
        ((2, 100, 1), "repetitions"),
        ((2, 1, 3), "intensities"),
        ((2, 1, 0), "intensities"),
    ],
)
def test_numbers_out_of_range_are_refused(numbers, key):
    with pytest.raises(UserError, match=rf"corpus\.{key} is \d+; wanted is a number from"):
        clips(*numbers)


def test_listing_the_clips_imports_nothing_heavy():
    code = (
        "import sys, serflow.synthesis.names, serflow.corpora.ravdess, serflow.corpora.archive, "
        "serflow.corpora.download; "
        "print(*sorted({'numpy', 'soxr', 'espeakng_loader'} & set(sys.modules)))"
    )
    path = str(Path(serflow.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert done.stdout.strip() == ""


# Rules


def test_every_label_has_a_manner():
    assert set(MANNERS) == set(LABELS)


def test_voices_differ_and_stay():
    voices = [voice_of(speaker, 0) for speaker in range(31, 43)]
    assert voices == [voice_of(speaker, 0) for speaker in range(31, 43)]
    men = [voice.pitch for voice in voices if voice.male]
    women = [voice.pitch for voice in voices if not voice.male]
    assert len(men) == len(women) == 6
    assert max(men) < 140 < 160 < min(women)
    assert min(np.diff(sorted(men))) > 2
    assert voices[0] != voice_of(31, 1)


def test_streams_depend_on_their_key_alone():
    first = stream(0, "a").normal(size=3)
    stream(0, "b").normal(size=100)
    assert np.array_equal(first, stream(0, "a").normal(size=3))
    assert not np.array_equal(first, stream(1, "a").normal(size=3))


def test_takes_follow_the_rules_on_average():
    def mean(label: str, field: str) -> float:
        takes = [
            plan(voice_of(speaker, 0), label, "strong", "01", stream(label, speaker, take))
            for speaker in range(31, 43)
            for take in range(20)
        ]
        return float(np.mean([getattr(take, field) for take in takes]))

    for field, order in {
        "level": ("Sad", "Calm", "Happy", "Angry"),
        "tilt": ("Sad", "Calm", "Happy", "Angry"),
        "words_per_minute": ("Sad", "Calm", "Happy"),
        "onset": ("Angry", "Happy", "Calm", "Sad"),
    }.items():
        values = [mean(label, field) for label in order]
        assert values == sorted(values), field
        assert len(set(values)) == len(values), field


def test_strong_is_stronger_than_normal():
    voice = voice_of(31, 0)
    jitter = {
        intensity: np.mean(
            [plan(voice, "Angry", intensity, "01", stream(take)).jitter for take in range(50)]
        )
        for intensity in ("normal", "strong")
    }
    assert jitter["strong"] / jitter["normal"] == pytest.approx(1.05 / 0.70, rel=0.1)


def test_the_plan_speaks_the_sentence():
    take = plan(voice_of(31, 0), "Sad", "strong", "02", stream("any"))
    words = "".join(part.split(">")[-1] for part in take.ssml.split("<")).split()
    assert " ".join(words) == "my brother left the keys on the kitchen table."
    assert take.ssml.count("<break ") == 1
    assert take.voice.count("\nformant ") == 9


# Effects


def noise(seconds: float = 1.0) -> np.ndarray:
    return RandomState(1).normal(0, 0.1, int(RATE * seconds))


def test_tilt_turns_the_spectrum_around_one_kilohertz():
    time = np.arange(RATE) / RATE
    tones = sum(np.sin(2 * np.pi * hertz * time) for hertz in (1000, 2000, 4000))
    tilted = acoustics.tilt(tones, -3.0)
    level = 20 * np.log10(np.abs(np.fft.rfft(tilted))[[1000, 2000, 4000]])
    assert np.diff(level) == pytest.approx([-3, -3], abs=0.05)
    assert acoustics.rms(tilted) == pytest.approx(acoustics.rms(tones))


def test_no_filter_leaves_the_signal():
    signal = noise()
    assert acoustics.filtered(signal, np.ones_like) == pytest.approx(signal, abs=1e-12)


def test_no_perturbation_leaves_the_signal():
    signal = noise()
    assert np.array_equal(acoustics.perturb(signal, 0, 0, RandomState(1)), signal)


def test_tremor_moves_the_pitch_by_its_amplitude():
    time = np.arange(2 * RATE) / RATE
    bent = acoustics.perturb(np.sin(2 * np.pi * 200 * time), 0, 0.05, RandomState(1))
    crossings = np.flatnonzero((bent[:-1] < 0) & (bent[1:] >= 0))
    place = crossings - bent[crossings] / (bent[crossings + 1] - bent[crossings])
    pitch = RATE / np.diff(place)
    assert pitch.max() == pytest.approx(210, abs=1)
    assert pitch.min() == pytest.approx(190, abs=1)


@pytest.mark.parametrize("aspiration", [0, 5, 10])
def test_breath_has_its_level(aspiration):
    signal = np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)
    breath = acoustics.breathe(signal, aspiration, RandomState(1)) - signal
    level = 20 * math.log10(acoustics.rms(breath) / np.mean(np.abs(signal)))
    assert level == pytest.approx(2 * aspiration - 34, abs=0.3)


def test_fade_trim_room_and_limit():
    faded = acoustics.fade(np.ones(100), 11)
    assert faded[[0, 5, 10, 50, 89, 94, 99]] == pytest.approx([0, 0.5, 1, 1, 1, 0.5, 0])
    assert acoustics.trim(np.array([0, 0.001, 0.5, 0, -0.2, 0.003])).tolist() == [0.5, 0, -0.2]
    room = acoustics.room(np.zeros(50_000), -40, RandomState(1))
    assert 20 * math.log10(acoustics.rms(room)) == pytest.approx(-40, abs=0.1)
    assert acoustics.limit(np.array([0.5, -2.0])).tolist() == [0.2425, -0.97]
    assert acoustics.limit(np.array([0.5, -0.9])).tolist() == [0.5, -0.9]


# Files


def test_a_wav_is_read_back_and_says_what_it_is():
    content = wav(np.array([0.0, 0.5, -1.0, 2.0]), 8000)
    with wave.open(io.BytesIO(content)) as stored:
        assert stored.getparams()[:4] == (1, 2, 8000, 4)
        assert np.frombuffer(stored.readframes(4), "<i2").tolist() == [0, 16384, -32767, 32767]
    assert NOTE.encode() in content
    assert NOTE.startswith("Synthetic speech")
    assert int.from_bytes(content[4:8], "little") == len(content) - 8
    assert len(content) % 2 == 0


def test_a_missing_engine_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(UserError, match=r"pip install 'serflow\[demo\]'.*GPL-3"):
        synthesize(tmp_path, 2, 1, 1, RATE, 0)
    assert list(tmp_path.iterdir()) == []


def test_an_impossible_rate_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"corpus\.rate is 100; wanted"):
        synthesize(tmp_path, 2, 1, 1, 100, 0)


def test_a_long_temporary_folder_is_refused(monkeypatch, tmp_path, engine):
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    monkeypatch.setattr(espeak.tempfile, "tempdir", str(deep))
    with pytest.raises(UserError, match="set TMPDIR to a shorter one"):
        Engine()
    assert list(deep.iterdir()) == []


def test_a_long_path_to_the_data_is_shortened(monkeypatch, tmp_path, engine):
    loader = importlib.import_module("espeakng_loader")
    row = clips(2, 1, 1)[0]
    expected = render(engine, row, RATE, 0)
    deep = tmp_path / ("x" * 200)
    deep.symlink_to(loader.get_data_path())
    monkeypatch.setattr(loader, "get_data_path", lambda: str(deep))
    with Engine() as other:
        assert np.array_equal(render(other, row, RATE, 0), expected)


# Sounds


def test_a_corpus_repeats_byte_for_byte_in_any_order(tmp_path, engine):
    shown: list[str] = []
    rows = synthesize(tmp_path, 2, 1, 2, RATE, 0, lambda row: shown.append(row["clip"]))
    assert rows == clips(2, 1, 2)
    assert shown == [row["clip"] for row in rows]
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert files == sorted(tmp_path / row["path"] for row in rows)
    assert {path.stat().st_mtime_ns for path in files} == {MTIME_NS}
    shuffled = random.Random(1).sample(rows, len(rows))
    for row in shuffled:
        again = wav(render(engine, row, RATE, 0), RATE)
        assert again == (tmp_path / row["path"]).read_bytes(), row["clip"]


def test_one_clip_alone_is_the_same(engine):
    row = by_clip()["Train/Happy/03-01-03-02-01-01-32"]
    with Engine() as fresh:
        assert np.array_equal(render(fresh, row, RATE, 0), render(engine, row, RATE, 0))


def test_a_voice_keeps_its_takes_when_it_moves_to_the_test_set(engine):
    train, test = by_clip(12)["Train/Sad/03-01-04-01-01-01-32"], by_clip(2)
    moved = test["Test/Sad/03-01-04-01-01-01-32"]
    assert np.array_equal(render(engine, train, RATE, 0), render(engine, moved, RATE, 0))


def test_another_seed_and_another_take_sound_different(engine):
    rows = by_clip()
    first = render(engine, rows["Train/Calm/03-01-02-01-01-01-31"], RATE, 0)
    take = render(engine, rows["Train/Calm/03-01-02-01-01-02-31"], RATE, 0)
    seed = render(engine, rows["Train/Calm/03-01-02-01-01-01-31"], RATE, 1)
    assert not np.array_equal(first[:20_000], take[:20_000])
    assert not np.array_equal(first[:20_000], seed[:20_000])


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the pinned sounds are those of x86-64 Linux",
)
@pytest.mark.parametrize("clip", PINNED)
def test_the_sounds_are_the_pinned_ones(engine, clip):
    assert digest(wav(render(engine, by_clip()[clip], RATE, 0), RATE)) == PINNED[clip]


@pytest.mark.parametrize("rate", [8000, 48_000])
def test_other_rates_are_the_same_sound(engine, rate):
    row = clips(2, 1, 1)[0]
    native, other = render(engine, row, RATE, 0), render(engine, row, rate, 0)
    assert len(other) / rate == pytest.approx(len(native) / RATE, abs=1e-3)
    low = [
        np.abs(np.fft.rfft(signal))[: int(3000 * len(signal) / hertz)] / hertz
        for signal, hertz in ((native, RATE), (other, rate))
    ]
    count = min(map(len, low))
    assert np.corrcoef(low[0][:count], low[1][:count])[0, 1] > 0.99
    assert np.abs(other).max() <= acoustics.PEAK + 1e-9


@pytest.mark.parametrize("speaker", ["31", "32"])
def test_the_emotions_sound_as_they_should(engine, speaker):
    rows = [row for row in clips(4, 1, 2) if row["speaker"] == speaker]

    def measures(label: str) -> tuple[float, float, float]:
        sounds = [render(engine, row, RATE, 0) for row in rows if row["label"] == label]
        power = [np.abs(np.fft.rfft(sound)) ** 2 for sound in sounds]
        high = [p[int(len(p) * 1000 / 11025) :].sum() / p.sum() for p in power]
        level = [20 * math.log10(acoustics.rms(sound)) for sound in sounds]
        return float(np.mean(level)), float(np.mean(high)), float(np.mean([*map(len, sounds)]))

    angry, sad = measures("Angry"), measures("Sad")
    assert angry[0] > sad[0] + 6  # louder, dB
    assert angry[1] > 1.5 * sad[1]  # more energy above 1 kHz
    assert angry[2] < 0.9 * sad[2]  # shorter
