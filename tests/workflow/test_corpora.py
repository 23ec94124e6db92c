"""Each kind of corpus through the command line, up to the tables that say what was found."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import wave
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from project import LABELS, RESULTS, ROOT, SMALL, Project, rows, synthesize, voice, write_wav
from staleness import CHECKS

ARCHIVE = "Audio_Speech_Actors_01-24.zip"


def configured(corpus: dict[str, Any], **blocks: Any) -> dict[str, Any]:
    return {**SMALL, "corpus": {"name": "tiny", **corpus}, **blocks}


@pytest.mark.parametrize(("name", "delimiter"), [("clips.csv", ","), ("clips.tsv", "\t")])
def test_sheet(name: str, delimiter: str, tmp_path: Path) -> None:
    project = Project.make(
        tmp_path / "project", configured({"adapter": "sheet", "path": f"sheets/{name}"})
    )
    synthesize(project.path("sheets", "wavs"))
    wavs = sorted(project.path("sheets", "wavs").rglob("*.wav"))
    lines = [delimiter.join(["path", "label", "speaker", "gender"])]
    for wav in wavs:
        path = wav.relative_to(project.path("sheets")).as_posix()
        speaker = wav.stem[:3]
        gender = "male" if int(speaker[1:]) % 2 else "female"
        lines.append(delimiter.join([path, wav.parent.name, speaker, gender]))
    project.path("sheets", name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = project.build("clips", f"{RESULTS}/splits.tsv", f"{RESULTS}/recordings.tsv")
    assert "36 clips, 6 speakers; Angry 12, Calm 12, Happy 12" in run.output
    clips = rows(project.results / "clips.tsv")
    assert {row["clip"] for row in clips} == {
        wav.relative_to(project.path("sheets")).with_suffix("").as_posix() for wav in wavs
    }
    assert clips[0]["path"] == "sheets/wavs/Angry/s01_1.wav"
    assert (clips[0]["speaker"], clips[0]["gender"]) == ("s01", "male")
    assert len(rows(project.results / "recordings.tsv")) == len(wavs)


def test_train_and_test_folders(tmp_path: Path) -> None:
    project = Project.make(
        tmp_path / "project",
        configured(
            {"adapter": "folder", "path": "wavs", "speaker": "/(s[0-9]+)_"},
            protocol={"type": "given", "validation": 0.25},
        ),
    )
    for label in LABELS:
        for speaker in range(1, 7):
            side = "Train" if speaker <= 4 else "Test"
            name = f"{side}/{label}/s{speaker:02d}_1.wav"
            write_wav(project.path("wavs", name), voice(label, speaker, 1))
    project.build("clips", f"{RESULTS}/gate.txt")
    splits = rows(project.results / "splits.tsv")
    assert {row["fold"] for row in splits} == {"0"}
    role = {row["clip"]: row["role"] for row in splits}
    assert role["Test/Angry/s05_1"] == role["Test/Calm/s06_1"] == "test"
    # A quarter of the four training speakers validates.
    assert Counter(role.values()) == {"train": 9, "validation": 3, "test": 6}
    assert rows(project.results / "leakage.tsv") == []


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """An evaluated demonstration corpus, as small as it can be; changes to it are only planned."""
    project = Project.make(
        tmp_path_factory.mktemp("demonstration") / "project",
        configured({"adapter": "demo", "speakers": 4, "intensities": 1, "rate": 8000}),
    )
    planned = project.planned(target="evaluation")
    # What it will hold is known before a recording is there.
    assert planned["synthesize"] == 1
    assert planned["recordings"] == planned["band_features"] == 2
    project.build("evaluation", "clips")
    return project


def test_demonstration(demonstration: Project) -> None:
    clips = rows(demonstration.results / "clips.tsv")
    assert Counter(row["label"] for row in clips).keys() == {"Angry", "Calm", "Happy", "Sad"}
    assert len({row["speaker"] for row in clips}) == 4
    with wave.open(str(demonstration.path(clips[0]["path"]))) as recording:
        assert recording.getframerate() == 8000
    assert b"synthetic" in demonstration.path(clips[0]["path"]).read_bytes().lower()
    assert len(rows(demonstration.results / "recordings.tsv")) == len(clips)
    made = rows(demonstration.results / "corpus.tsv")
    assert [(row["clip"], row["path"]) for row in made] == [
        (row["clip"], row["path"]) for row in clips
    ]


SYNTHESIZED = {
    **dict.fromkeys(("synthesize", "splits", "leakage", "gate", "feature_table"), 1),
    **dict.fromkeys(("recordings", "spectrograms", "band_features", "train_svm"), 2),
    **dict.fromkeys(("evaluate", "evaluation", "clips"), 1),
    **CHECKS,
}


@pytest.mark.parametrize(
    ("corpus", "planned"),
    [
        ({}, {}),
        ({"seed": 1}, SYNTHESIZED),
        ({"rate": 11025}, SYNTHESIZED),
        ({"speakers": 5}, SYNTHESIZED),
    ],
    ids=["nothing", "seed", "rate", "speakers"],
)
def test_a_change_of_the_demonstration(
    corpus: dict[str, int], planned: dict[str, int], demonstration: Project
) -> None:
    changed = ["--config", f"corpus={json.dumps(corpus)}"] if corpus else []
    assert demonstration.build("evaluation", "clips", "-n", *changed).jobs == planned


def test_a_corpus_named_on_the_command_line(tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project")
    synthesize(project.path("my", "wavs"))
    corpus = {"name": "mine", "adapter": "folder", "path": "my/wavs"}
    run = project.snakemake("clips", "--config", f"corpus={json.dumps(corpus)}")
    # The default protocol splits by speaker, and nothing says yet who speaks.
    assert run.code != 0
    assert "`corpus.speaker`" in run.output
    assert "Traceback" not in run.output
    corpus["speaker"] = "(s[0-9]+)_"
    project.build("clips", "--config", f"corpus={json.dumps(corpus)}")
    assert len(rows(project.path("results", "mine", "clips.tsv"))) == 36
    assert not project.path("results", "demo").exists()


DIGITS = "free-spoken-digit-dataset/recordings"


def write_digits(folder: Path, speakers: tuple[str, ...] = ("george", "theo", "yweweler")) -> None:
    """Write two takes of each digit and speaker as the digit corpus names them, 0.3 s at 8 kHz."""
    for digit in range(10):
        for number, speaker in enumerate(speakers):
            for take in range(2):
                samples = voice(LABELS[digit % 3], number, 10 * digit + take)[:2400]
                write_wav(folder / f"{digit}_{speaker}_{take}.wav", samples)


def test_digits_are_labelled_by_the_names_of_their_files(tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project")
    write_digits(project.path("digits"))
    digits = ["--configfile", "config/fsdd.yaml", "--config", 'corpus={"path": "digits"}']
    planned = project.planned(*digits)
    # One fold a speaker, and the same under random folds.
    assert planned["train_svm"] == 2 * 3
    assert (planned["splits"], planned["random_splits"], planned["random_premium"]) == (1, 1, 1)
    results = "results/fsdd"
    run = project.build("features", "images", "clips", f"{results}/gate.txt", *digits)
    assert "60 clips, 3 speakers; 0 6, 1 6, 2 6, 3 6, 4 6, 5 6, 6 6, 7 6, 8 6, 9 6" in run.output
    assert {row["verdict"] for row in rows(project.path(results, "recordings.tsv"))} == {"ok"}
    with np.load(project.path(results, "features", "mfcc12.npz"), allow_pickle=False) as file:
        assert file["X"].shape == (60, 12 * 92)
        assert sorted(set(file["label"].tolist())) == [str(digit) for digit in range(10)]
        assert sorted(set(file["speaker"].tolist())) == ["george", "theo", "yweweler"]
    assert len(list(project.path(results, "images", "7").rglob("*.png"))) == 6


def ravdess_names(emotion: str) -> list[str]:
    """Spell the names of one emotion's 192 recordings."""
    return [
        f"Actor_{actor:02d}/03-01-{emotion}-{intensity}-{statement}-{take}-{actor:02d}.wav"
        for actor in range(1, 25)
        for intensity in ("01", "02")
        for statement in ("01", "02")
        for take in ("01", "02")
    ]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with RAVDESS' names, Calm (02), Happy (03) and Sad (04) alone, of 20 ms each."""
    folder = tmp_path_factory.mktemp("archive")
    write_wav(folder / "one.wav", voice("Calm", 1, 1)[:160])
    sound = (folder / "one.wav").read_bytes()
    with zipfile.ZipFile(folder / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as file:
        for name in [name for emotion in ("02", "03", "04") for name in ravdess_names(emotion)]:
            file.writestr(name, sound)
    return folder / ARCHIVE


@pytest.fixture(scope="module")
def server(archive: Path) -> Iterator[str]:
    """The address of the archive on an HTTP server on loopback."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    handler = partial(Handler, directory=str(archive.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/{ARCHIVE}"
        running.shutdown()
        thread.join()


def downloading(url: str, archive: Path, md5: str | None = None) -> dict[str, Any]:
    content = archive.read_bytes()
    told = {
        "url": url,
        "size": len(content),
        "md5": md5 or hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
    return configured({"adapter": "ravdess", "emotions": ["Calm", "Happy"], "archive": told})


@pytest.fixture(scope="module")
def unpacked(server: str, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """RAVDESS, downloaded and unpacked, with its features."""
    project = Project.make(
        tmp_path_factory.mktemp("unpacked") / "project", downloading(server, archive)
    )
    # What it will hold is known before a byte of it is there.
    assert project.planned(target="evaluation")["spectrograms"] == 2
    project.build("corpus", "clips", "features")
    return project


def test_ravdess_is_downloaded_and_unpacked(unpacked: Project) -> None:
    clips = rows(unpacked.results / "clips.tsv")
    assert Counter(row["label"] for row in clips) == {"Calm": 192, "Happy": 192}
    assert len({row["speaker"] for row in clips}) == 24
    assert all(unpacked.path(row["path"]).is_file() for row in clips)
    assert unpacked.planned(target="corpus") == {}


def manifest(project: Project) -> dict[str, str]:
    return {row["clip"]: row["path"] for row in rows(project.results / "corpus.tsv")}


def test_other_emotions_need_no_other_download(unpacked: Project, tmp_path: Path) -> None:
    """The list of the unpacked recordings holds all of them, so it stays right."""
    listed = manifest(unpacked)
    wavs = "resources/ravdess/wavs"
    assert listed == {
        path.relative_to(unpacked.path(wavs)).with_suffix("").as_posix(): (
            path.relative_to(unpacked.folder).as_posix()
        )
        for path in unpacked.path(wavs).rglob("*.wav")
    }
    assert len(listed) == 3 * 192
    project = unpacked.copy(tmp_path / "project")
    emotions = ["--config", 'corpus={"emotions": ["Calm", "Sad"]}']
    assert project.planned(*emotions, target="features") == {
        **dict.fromkeys(("recordings", "spectrograms", "band_features"), 2),
        **CHECKS,
        "feature_table": 1,
    }
    run = project.build("clips", *emotions)
    assert run.jobs == {"recordings": 2, "recording_table": 1, "clip_table": 1, "clips": 1}
    clips = rows(project.results / "clips.tsv")
    assert Counter(row["label"] for row in clips) == {"Calm": 192, "Sad": 192}
    assert {row["clip"]: row["path"] for row in clips}.items() <= manifest(project).items()


def test_another_address_of_the_same_archive_changes_nothing(unpacked: Project) -> None:
    mirror = ["--config", 'corpus={"archive": {"url": "https://mirror.example/ravdess.zip"}}']
    assert unpacked.build("corpus", "clips", "features", "-n", *mirror).jobs == {}
    other = ["--config", f'corpus={{"archive": {{"md5": "{"0" * 32}"}}}}']
    assert unpacked.planned(*other, target="clips") == {
        **dict.fromkeys(("download", "unpack", "recording_table", "clip_table"), 1),
        "recordings": 2,
    }


def test_a_wrong_checksum_stops_the_download(server: str, archive: Path, tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project", downloading(server, archive, md5="0" * 32))
    run = project.snakemake("corpus")
    assert run.code != 0
    assert "MD5" in run.output
    assert "Traceback" not in run.output
    assert not project.path("resources", "ravdess", ARCHIVE).exists()
    assert not project.path("resources", "ravdess", "wavs").exists()


def test_an_address_without_the_archive_stops_the_download(
    server: str, archive: Path, tmp_path: Path
) -> None:
    project = Project.make(tmp_path / "project", downloading(f"{server}.gone", archive))
    run = project.snakemake("corpus")
    assert run.code != 0
    assert "404" in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "config").glob("*.yaml")))
def test_every_configuration_that_comes_along_plans_a_report(name: str, tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project")
    # The folder and the table that the examples name for the user's own recordings.
    synthesize(project.path("my", "wavs"))
    lines = ["path,label,speaker"]
    for wav in sorted(project.path("my", "wavs").rglob("*.wav")):
        path = wav.relative_to(project.path("my")).as_posix()
        lines.append(f"{path},{wav.parent.name},{wav.stem[:3]}")
    project.path("my", "clips.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_digits(project.path(DIGITS))
    run = project.build("-n", "--quiet", "rules", "--configfile", f"config/{name}")
    assert run.jobs["report"] == 1
