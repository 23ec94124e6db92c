"""Predicting new recordings: which models answer, what they hear, and mistakes in words."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from small_wavs import encoded

from serflow import svm
from serflow.__main__ import BROKEN_PIPE, main
from serflow.corpora import sheet
from serflow.errors import ClipError, UserError
from serflow.files import write_json
from serflow.prediction import chain, decoding, found, models, recordings, windows
from serflow.sound.audio import Recording, read_wav
from serflow.sound.features import Features
from serflow.tables import write_tsv

RATE = 8000
EXTRACTION = {"spectrogram.hop_seconds": 0.015, "spectrogram.frames": 30}
SECONDS = 0.465
SETTINGS: dict[str, Any] = {
    "family": "svm",
    "features": "mfcc4",
    "C": 10.0,
    "kernel": "rbf",
    "scaling": "standard",
    "inner_folds": 2,
}
OWN = {"features.custom.own": {"file": "own.py", "function": "first"}, **EXTRACTION}

Put = Callable[..., Path]


def tone(pitch: float, seconds: float = 0.5, rate: int = RATE, seed: int = 0) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(seed).normal(0, 300, time.size)
    return (4000 * np.sin(2 * np.pi * pitch * time) + noise).astype(np.int16)


def trained(**changes: Any) -> svm.TrainedSVM:
    """A machine that tells low tones from high ones."""
    settings = {**SETTINGS, **changes}
    clips = [(label, seed) for label in ("High", "Low") for seed in range(6)]
    X = [
        chain.feature_vector(
            Recording(tone(1200 if label == "High" else 300, seed=seed), RATE, 1),
            settings["features"],
            EXTRACTION,
        )
        for label, seed in clips
    ]
    features = Features(
        X=np.stack(X),
        clip=np.array([f"{label}{seed}" for label, seed in clips]),
        label=np.array([label for label, _ in clips]),
        speaker=np.array([str(seed % 3) for _, seed in clips]),
        config={},
    )
    everything = np.ones(len(clips), bool)
    named = {settings["features"]: features}
    outcome = svm.train(named, everything, everything, ["High", "Low"], settings)
    return replace(outcome.model, extraction=EXTRACTION)


@pytest.fixture(scope="module")
def model() -> svm.TrainedSVM:
    return trained()


@pytest.fixture
def put(tmp_path: Path, model: svm.TrainedSVM, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return what stores the model as a training; keywords change it. Tests run in its folder."""
    monkeypatch.chdir(tmp_path)

    def store(
        name: str = "fold0_seed0", base: svm.TrainedSVM = model, folder: str = "svm", **changes: Any
    ) -> Path:
        path = Path(f"results/x/models/{folder}/{name}.skops")
        svm.save(path, replace(base, **changes))
        return path

    return store


def wav(name: str = "a.wav", values: np.ndarray | None = None, rate: int = RATE) -> str:
    soundfile.write(name, tone(300) if values is None else values, rate)
    return name


def asked(model_file: Path | str, *arguments: str) -> int:
    return main(["predict", *arguments, "--model", str(model_file)])


def table(path: str) -> list[dict[str, str]]:
    from serflow.tables import read_tsv

    return read_tsv(path)


# What a model file tells of its inputs.


@pytest.mark.parametrize(
    ("extraction", "message"),
    [
        (
            {},
            r"not tell how its clips were made \(spectrogram.hop_seconds is missing\); train it",
        ),
        ({**EXTRACTION, "spectrogram.frames": "60"}, "made by spectrogram.frames '60', which no"),
        ({**EXTRACTION, "spectrogram.frames": True}, "made by spectrogram.frames True"),
        ({**EXTRACTION, "spectrogram.hop_seconds": 0}, "made by spectrogram.hop_seconds 0"),
        ({**EXTRACTION, "features.bands": [[0, "9"]]}, "made by features.bands"),
        ({**EXTRACTION, "images": {"power": 1}}, "made by images"),
        ({**EXTRACTION, "features.custom.a": {"file": 3}}, "made by features.custom.a"),
    ],
)
def test_a_machine_tells_how_its_clips_were_made(put: Put, extraction: Any, message: str):
    with pytest.raises(UserError, match=message):
        models.load([put(extraction=extraction)])


def test_a_network_tells_how_its_clips_were_made(tmp_path: Path):
    from small_trainings import SIGNALS, run

    from serflow.networks import modelfile

    network = run({**SIGNALS, "epochs": 1, "rate": None})[0].network
    path = tmp_path / "fold0_seed0.safetensors"
    extraction = {**EXTRACTION, "spectrogram.frames": 32.5}
    for metadata, message in (
        ({}, "does not tell how its clips were made"),
        ({"extraction": extraction}, "made by spectrogram.frames 32.5"),
    ):
        modelfile.save(path, network, metadata)
        with pytest.raises(UserError, match=message):
            models.load([path])
    # 4000 samples at 8 kHz: 0.5 s. At another rate they are as long, but not as many.
    modelfile.save(
        path,
        network,
        {"extraction": {"spectrogram.hop_seconds": 0.01, "spectrogram.frames": 49}},
    )
    loaded = models.load([path])
    windows.hear(Recording(tone(300).astype(np.float32), RATE, 1), loaded)
    with pytest.raises(UserError, match=r"at 16000 Hz it is an input of shape .*; convert it"):
        windows.hear(Recording(tone(300).astype(np.float32), 16000, 1), loaded)


def test_features_of_ones_own_alone_are_heard(put: Put, capsys: pytest.CaptureFixture[str]):
    own = {"features": "own", "C": 10.0, "kernel": "rbf"}
    path = put(chosen=own, extraction=OWN)
    Path("own.py").write_text(
        "import builtins\n"
        "builtins.executed = getattr(builtins, 'executed', 0) + 1\n"
        "def first(samples, rate):\n"
        "    if rate != 8000:\n"
        "        raise RuntimeError('another rate')\n"
        "    return samples[:120]\n"
    )
    given = [wav(), wav("b.wav", tone(1200))]
    assert asked(path, *given) == 1
    assert "made by own.py, which would be executed; give that file" in capsys.readouterr().err
    assert asked(path, *given, "--own-code", "own.py") == 0
    import builtins

    assert builtins.executed == 1  # type: ignore[attr-defined]
    capsys.readouterr()
    good = [wav("c.wav"), wav("d.wav", tone(300, rate=16000), 16000)]
    assert asked(path, *good, "--own-code", "own.py") == 1
    printed = capsys.readouterr()
    assert "c.wav" in printed.out
    assert "d.wav: own.py: first failed for clip d.wav: " in printed.err
    Path("own.py").write_text("def first(samples, rate):\n    return samples[:9]\n")
    assert asked(path, *good[:1], "--own-code", "own.py") == 1
    assert "c.wav: its features own are 9 numbers, but " in capsys.readouterr().err
    # One recording of another shape does not make the others wrong.
    Path("own.py").write_text("def first(samples, rate):\n    return samples[:120]\n")
    short = wav("short.wav", tone(300, 0.01))
    assert asked(path, short, "c.wav", "--own-code", "own.py", "--json") == 1
    printed = capsys.readouterr()
    assert [row["recording"] for row in json.loads(printed.out)["recordings"]] == ["c.wav"]
    assert "short.wav: its features own are 80 numbers" in printed.err


# Which models answer.


def stems(folder: str | Path = "results/x/models/svm") -> list[str]:
    return [path.name.removesuffix(".skops") for path in found.files(folder)]


def evaluated(*trainings: str, model: str = "svm", family: str = "svm", seconds: str = "") -> None:
    """Write the tables of an evaluation of some trainings."""
    rows = [
        {"model": model, "fold": name[len("fold")], "seed": name[len("fold0_seed") :]}
        for name in trainings
    ]
    folder = Path("results/x/evaluation")
    scored = {"model": model, "family": family, "uar": "0.5", "train_seconds": seconds}
    baseline = {**dict.fromkeys(scored, ""), "model": "mean", "family": "baseline", "uar": "0.9"}
    write_tsv(folder / "models.tsv", [scored, baseline], list(scored))
    write_tsv(folder / "per_fold.tsv", rows, list(rows[0]))


def test_the_trainings_of_the_evaluation_answer(put: Put, tmp_path: Path):
    for fold in range(3):
        put(f"fold{fold}_seed0")
    put("fold0_seed7")
    everything = ["fold0_seed0", "fold0_seed7", "fold1_seed0", "fold2_seed0"]
    # Nobody has evaluated anything.
    assert stems() == everything
    evaluated("fold1_seed0", "fold0_seed0")
    two = ["fold0_seed0", "fold1_seed0"]
    place = "results/x/models/svm"
    assert stems() == stems("results/x") == stems(tmp_path / place) == two
    # More folds, evaluated without a report: what an earlier one told is no matter.
    write_json("results/x/provenance.json", {"trainings": {"svm": two}})
    evaluated("fold0_seed0", "fold1_seed0", "fold2_seed0")
    assert stems() == [*two, "fold2_seed0"]
    evaluated("fold0_seed7")
    assert stems() == ["fold0_seed7"]
    # A model that the evaluation knows nothing of, and a file that is named, are as given.
    put("fold9_seed0", folder="other")
    assert stems("results/x/models/other") == ["fold9_seed0"]
    assert stems(f"{place}/fold2_seed0.skops") == ["fold2_seed0"]
    # As a model of another family may have been called before.
    Path(place, "fold0_seed7.safetensors").write_bytes(b"")
    assert stems() == ["fold0_seed7"]
    evaluated("fold0_seed7", family="cnn1d")
    assert stems() == ["fold0_seed7.safetensors"]


def test_trainings_of_two_runs_do_not_answer_together(put: Put):
    def record(name: str, seconds: float) -> None:
        write_json(f"results/x/models/svm/{name}.json", {"train_seconds": seconds})

    put("fold0_seed0")
    evaluated("fold0_seed0", "fold1_seed0", seconds="1.33333")
    message = r"not those of the evaluation beside it: fold1_seed0\.skops is not there; finish the"
    with pytest.raises(UserError, match=message):
        stems()
    put("fold1_seed0")
    record("fold0_seed0", 1)
    # Copied without the records: nothing tells.
    assert stems() == ["fold0_seed0", "fold1_seed0"]
    record("fold1_seed0", 5 / 3)
    assert stems() == ["fold0_seed0", "fold1_seed0"]
    record("fold1_seed0", 1.6668)
    with pytest.raises(UserError, match="they were trained again after it; finish the run"):
        stems()
    assert [path.stem for path in found.files("results/x/models/svm/fold1_seed0.skops")]


def test_tables_of_what_a_model_was_before_do_not_count(put: Put):
    """It recognised labels and came to estimate a number; the old tables stay."""
    path = put("fold0_seed0")
    write_json(path.with_suffix(".json"), {"train_seconds": 2})
    evaluated("fold0_seed0", "fold1_seed0", seconds="1")
    with pytest.raises(UserError, match=r"fold1_seed0\.skops is not there"):
        stems()
    row = {"model": "svm", "family": "svm", "train_seconds": "2"}
    write_tsv("results/x/evaluation/regression.tsv", [row], list(row))
    rows = [{"model": "svm", "fold": 0, "seed": 0}]
    write_tsv("results/x/evaluation/regression_per_fold.tsv", rows, list(rows[0]))
    assert stems() == ["fold0_seed0"]


@pytest.mark.parametrize("lacking", ["models.tsv", "per_fold.tsv"])
def test_half_an_evaluation_is_told(put: Put, lacking: str):
    put("fold0_seed0")
    evaluated("fold0_seed0")
    Path("results/x/evaluation", lacking).unlink()
    with pytest.raises(UserError, match=rf"{lacking} does not tell of them; finish the run"):
        stems()


def test_a_damaged_record_is_told(put: Put):
    path = put("fold0_seed0")
    evaluated("fold0_seed0", seconds="1")
    for damaged in ("{", "[]", "{}"):
        path.with_suffix(".json").write_text(damaged)
        with pytest.raises(UserError, match=r"fold0_seed0\.json and others\) cannot be read"):
            stems()


def test_trainings_that_estimate_a_number_answer_likewise(put: Put):
    for fold in range(3):
        path = put(f"fold{fold}_seed0", folder="level")
        write_json(path.with_suffix(".json"), {"train_seconds": 2 - fold})
    row = {"model": "level", "family": "svm", "train_seconds": "1.5"}
    write_tsv("results/x/evaluation/regression.tsv", [row], list(row))
    with pytest.raises(UserError, match=r"regression_per_fold\.tsv does not tell of them"):
        stems("results/x/models/level")
    rows = [{"model": "level", "fold": fold, "seed": 0} for fold in (0, 1)]
    write_tsv("results/x/evaluation/regression_per_fold.tsv", rows, list(rows[0]))
    assert stems("results/x/models/level") == ["fold0_seed0", "fold1_seed0"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"extraction": {**EXTRACTION, "spectrogram.frames": 31}},
            "fold1_seed0.skops: was trained with spectrogram.frames 31, but .*fold0_seed0.skops "
            "with 30",
        ),
        ({"settings": {**SETTINGS, "C": 1.0}}, "was trained with C 1.0, but .* with 10.0"),
        (
            {"labels": ["High", "Loud", "Low"]},
            "recognises High, Loud, Low, but .* recognises High, Low",
        ),
    ],
)
def test_models_of_different_runs_are_refused(put: Put, changes: dict[str, Any], message: str):
    with pytest.raises(UserError, match=message):
        models.load([put(), put("fold1_seed0", **changes)])


def test_of_regressions_alone_one_is_to_be_named(put: Put, capsys: pytest.CaptureFixture[str]):
    put(folder="arousal")
    Path("results/x/evaluation").mkdir()
    Path("results/x/evaluation/regression.tsv").write_text("model\tfamily\narousal\tcnn1d\n")
    assert asked("results/x", wav()) == 1
    assert "name one of the folders in results/x/models (arousal)" in capsys.readouterr().err


# What a model hears.


def test_a_window_holds_nothing_of_the_others(put: Put):
    """The floor of MFCC hangs on the loudest sound of all that a model is given."""
    quiet = tone(300, 1.6) // 8
    loud = quiet.copy()
    loud[round(1.2 * RATE) + round(SECONDS * RATE) :] = 30000
    (first,) = models.load([put()])
    for start in (0.0, 1.0):
        heard = [
            windows.piece(Recording(values.astype(np.float32), RATE, 1), start, SECONDS)
            for values in (quiet, loud)
        ]
        assert [one.samples.size for one in heard] == [3720, 3720]
        assert np.array_equal(heard[0].samples, heard[1].samples)
    long = Recording(tone(300, 2.0).astype(np.float32), RATE, 1)
    (told,) = windows.answer([windows.hear(long, [first])], [first])
    alone = Recording(long.samples[RATE : RATE + 3720], RATE, 1)
    (second,) = windows.answer([windows.hear(alone, [first])], [first])
    assert told.starts == [0.0, 1.0]
    np.testing.assert_allclose(told.windows[1], second.values, rtol=1e-12)


def test_a_recording_of_one_window_stays_whole(put: Put):
    (first,) = models.load([put()])
    heard = []
    inputs = first.inputs
    first.inputs = lambda given, name: (  # type: ignore[method-assign]
        heard.extend(one.samples.size for one in given) or inputs(given, name)
    )
    windows.hear(Recording(tone(300, 1.2).astype(np.float32), RATE, 1), [first])
    assert heard == [round(1.2 * RATE)]


def test_models_are_asked_in_blocks(put: Put, monkeypatch: pytest.MonkeyPatch):
    long = Recording(tone(300, 7.5).astype(np.float32), RATE, 1)
    (first,) = models.load([put()])
    (at_once,) = windows.answer([windows.hear(long, [first])], [first])
    monkeypatch.setattr(windows, "BLOCK", 3)
    counts = []
    inputs = first.inputs
    first.inputs = lambda given, name: (  # type: ignore[method-assign]
        counts.append(len(given)) or inputs(given, name)
    )
    (told,) = windows.answer([windows.hear(long, [first])], [first])
    assert counts == [3, 3, 2]
    np.testing.assert_allclose(told.windows, at_once.windows, rtol=1e-12)


def test_what_all_models_read_is_made_once(put: Put, monkeypatch: pytest.MonkeyPatch):
    made = []
    vector = chain.feature_vector
    monkeypatch.setattr(
        chain, "feature_vector", lambda *given: made.append(given[1]) or vector(*given)
    )
    base = trained(features="mfcc3")
    own = {"settings": {**base.settings, "features": ["mfcc3", "mfcc4"]}}
    files = [put("fold0_seed0", base, **own), put("fold1_seed0", **own), put("fold2_seed0", **own)]
    asked_ones = models.load(files)
    made.clear()
    recording = Recording(tone(300).astype(np.float32), RATE, 1)
    told = windows.hear(recording, asked_ones)
    assert made == ["mfcc3", "mfcc4"]
    alone = [windows.hear(recording, [one]).found[0] for one in asked_ones]
    for found_together, found_alone in zip(told.found, alone, strict=True):
        np.testing.assert_array_equal(found_together, found_alone)


def test_a_speaker_is_standardised_over_all_recordings(
    put: Put, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(windows, "BLOCK", 2)
    path = put(base=trained(scaling="speaker"))
    long, short = wav("long.wav", tone(300, 4)), wav("short.wav", tone(1200))
    # The windows of one recording are not several recordings.
    for given in ([long], [long, long], [long, short]):
        arguments = given if len(given) == 2 and short in given else [*given, "--same-speaker"]
        assert asked(path, *arguments) == 1
        assert "give at least two recordings" in capsys.readouterr().err
    assert asked(path, long, short, "--same-speaker", "--json") == 0
    told = json.loads(capsys.readouterr().out)["recordings"]
    assert [row["predicted"] for row in told] == ["Low", "High"]
    Path("bad.wav").touch()
    assert asked(path, long, "bad.wav", "--same-speaker") == 1
    printed = capsys.readouterr().err
    assert "bad.wav: is empty" in printed
    assert "long.wav: no other recording of this speaker can be used" in printed


# What is written.


def test_outputs_are_checked_before_models_are_read(
    put: Put, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    put()
    monkeypatch.setattr(models, "load", lambda *given: pytest.fail("too late"))
    Path("folder").mkdir()
    Path("file").touch()
    os.mkfifo("pipe")
    for key in ("--output", "--windows"):
        for place, message in (
            ("folder", "folder: is a folder; give the name of a file"),
            ("pipe", "pipe: is no ordinary file"),
            ("file/t.tsv", "is no folder; give another name"),
            ("n" * 300, "File name too long"),
        ):
            assert asked("results/x/models/svm", wav(), key, place) == 1
            assert message in capsys.readouterr().err
        with monkeypatch.context() as locked:
            locked.setattr("serflow.disk.os.access", lambda *given: False)
            assert asked("results/x/models/svm", wav(), key, "new/t.tsv") == 1
        assert "cannot be written: permission is denied" in capsys.readouterr().err
    assert asked("results/x/models/svm", wav(), "--output", "t", "--windows", "t") == 1
    assert "is given for two files" in capsys.readouterr().err


def test_odd_names_stay_on_one_line(put: Put, capsys: pytest.CaptureFixture[str]):
    put()
    names = ["a\nb.wav", "c\x1b[31m.wav", os.fsdecode(b"\xff.wav"), "ä.wav"]
    for name in names:
        Path(name).write_bytes(encoded(tone(300), format="WAV", rate=RATE))
    given = [*names, "--output", "o.tsv", "--windows", "w.tsv"]
    assert asked("results/x/models/svm", *given) == 0
    printed = capsys.readouterr().out.splitlines()
    shown = [r"'a\nb.wav'", r"'c\x1b[31m.wav'", r"'\udcff.wav'", "ä.wav"]
    assert [line.split("  ")[0] for line in printed[1:]] == shown
    for file in ("o.tsv", "w.tsv"):
        assert [row["recording"] for row in table(file)] == shown
    assert asked("results/x/models/svm", *names, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["recording"] for row in told["recordings"]] == names


def command(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "serflow", "predict", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(models.__file__).parents[2]), **variables},
    )


def test_a_reader_that_has_gone_ends_it_quietly(put: Put):
    put()
    process = command(wav(), "--model", "results/x/models/svm")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, told = process.communicate(timeout=120)
    assert process.returncode == BROKEN_PIPE
    assert "Error" not in told


def test_a_terminal_that_knows_no_umlauts(put: Put):
    put()
    for more in ([], ["--json"]):
        process = command(
            wav("ä.wav"), "--model", "results/x/models/svm", *more, PYTHONIOENCODING="ascii"
        )
        out, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
        assert r"\xe4.wav" in out or json.loads(out)["recordings"][0]["recording"] == "ä.wav"


def test_what_the_system_refuses_is_told_in_words(
    put: Put, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    put()

    def refuse(error: OSError) -> Callable[..., None]:
        def read(path: str) -> None:
            raise error

        return read

    monkeypatch.setattr(recordings, "read", refuse(OSError(28, "No space left", "there")))
    assert asked("results/x/models/svm", wav()) == 1
    assert "there cannot be written: the disk is full" in capsys.readouterr().err
    monkeypatch.setattr(recordings, "read", refuse(OSError(5, "Input/output error", "there")))
    assert asked("results/x/models/svm", wav()) == 1
    assert "there: Input/output error" in capsys.readouterr().err
    monkeypatch.setattr(recordings, "read", refuse(OSError("a defect")))
    with pytest.raises(OSError, match="a defect"):
        asked("results/x/models/svm", wav())


# What recordings may be.


def test_one_recording_that_cannot_be_heard_does_not_keep_the_others(
    put: Put, capsys: pytest.CaptureFixture[str]
):
    path = put(extraction={**EXTRACTION, "spectrogram.hop_seconds": 0.0005})
    low = wav("low.wav", tone(300, 0.5, 1000), 1000)
    assert asked(path, low, wav("a.wav"), "--json") == 1
    printed = capsys.readouterr()
    assert [row["recording"] for row in json.loads(printed.out)["recordings"]] == ["a.wav"]
    assert "SERflow: low.wav: `hop_seconds`: 0.0005 s is less than one sample" in printed.err


def test_other_formats_need_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.ogg"
    path.write_bytes(b"OggS and so on")
    wanted = "a.ogg: is not a WAV file; install ffmpeg, which reads other formats, or convert it"
    with pytest.raises(ClipError, match=wanted) as caught:
        recordings.read(str(path))
    assert caught.value.path == path


def au(samples: list[float], rate: int = RATE, channels: int = 1) -> bytes:
    header = struct.pack(">4sIIIII4s", b".snd", 28, 2**32 - 1, 6, rate, channels, b"told")
    return header + np.array(samples, ">f4").tobytes()


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        (b"", 1, "is neither WAV nor anything ffmpeg can read; convert it to WAV"),
        (au([0.5] * 9)[:20], 0, "is neither WAV nor anything ffmpeg can read"),
        (au([0.5] * 9), 1, "is neither WAV nor anything ffmpeg can read"),
        (au([]), 0, "holds no samples; fetch or record it again"),
        (au([0.5, np.nan]), 0, "holds values that are not finite"),
        (au([0.5] * 9, rate=10), 0, "has 1 channels at 10 Hz"),
        (au([0.5] * 9, channels=2000), 0, "has 2000 channels at 8000 Hz"),
        (au([0.5, -0.25, 1.5, 0.5], channels=2) + b"cut", 0, None),
    ],
)
def test_what_ffmpeg_gives_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes, code: int, message: str | None
):
    """A program of that name writes what one would not come by otherwise."""
    (tmp_path / "sound").write_bytes(written)
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\n/bin/cat '{tmp_path}/sound'\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.ogg"
    path.write_bytes(b"OggS and so on")
    if message is None:
        read = recordings.read(str(path))
        assert (read.samples.tolist(), read.rate, read.channels) == ([4096, 32768], RATE, 2)
        return
    with pytest.raises(ClipError, match=f"a.ogg: {message}") as caught:
        recordings.read(str(path))
    assert caught.value.path == path


def test_damaged_recordings_are_not_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(decoding, "decoded", lambda path: pytest.fail("converted"))
    whole = encoded(tone(300), format="WAV", rate=RATE)
    pages = [b"", whole[:500], whole[:30], b"<!doctype html>no such page"]
    for content in pages:
        path = tmp_path / "a.wav"
        path.write_bytes(content)
        with pytest.raises(ClipError) as told:
            recordings.read(str(path))
        with pytest.raises(ClipError) as expected:
            read_wav(path)
        assert str(told.value) == str(expected.value)


def test_a_sheets_other_cells_may_hold_anything(tmp_path: Path):
    path = tmp_path / "sheet.csv"
    path.write_text("path,label,split\na.wav,,\nb.wav,Sad,someday\n")
    wavs = [str(tmp_path / "a.wav"), str(tmp_path / "b.wav")]
    assert recordings.meant([str(path)]) == wavs
    with pytest.raises(UserError, match="label is empty"):
        sheet.read(path, labelled=False)
    path.write_text("label\nSad\n")
    with pytest.raises(UserError, match="the column path is missing"):
        recordings.meant([str(path)])
