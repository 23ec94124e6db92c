"""A user's mistakes end in words that say what to do: no traceback, and nothing half-made."""

from __future__ import annotations

import csv
import json
import re
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from project import LABELS, SMALL, Project, Run, synthesize, voice, write_wav
from staleness import CHECKS, jobs


def sheet(*changed: str, without: str = "") -> str:
    """Return a sheet of the corpus with more lines, and without the clips of a name."""
    lines = [
        f"../wavs/{label}/s{speaker:02d}_1.wav,{label},s{speaker:02d},"
        for label in LABELS
        for speaker in range(1, 7)
    ]
    kept = [line for line in lines if not without or without not in line]
    return "\n".join(["path,label,speaker,clip", *kept, *changed]) + "\n"


# Sheets that describe no corpus to learn from, and what the message must hold.
SHEETS: dict[str, tuple[str, list[str]]] = {
    "a sheet of no clip": ("path,label\n", ["`corpus.path`", "has no rows"]),
    "recordings that are elsewhere": (
        "path,label\ngone.wav,Calm\nlost.wav,Happy\n",
        ["none of the 2 recordings of the clip table is there", "sheets/gone.wav"],
    ),
    "labels that differ by case": (
        sheet("../wavs/Calm/s01_2.wav,calm,s01,"),
        ["'Calm' (6 clips) and 'calm' (1 clips)", "Write them in one way"],
    ),
    "clips that differ by case": (
        sheet("../wavs/Calm/s01_2.wav,Calm,s01,WAVS/calm/S01_1"),
        ["'WAVS/calm/S01_1' and 'wavs/Calm/s01_1'", "macOS and Windows", "column `clip`"],
    ),
    "a path that stands there twice": (
        sheet("../wavs/../wavs/Calm/s01_1.wav,Calm,s01,again"),
        ["one recording is in the corpus twice", "'again'", "'wavs/Calm/s01_1'", "Remove one"],
    ),
    "a link to a recording that is there": (
        sheet("linked.wav,Happy,s02,"),
        ["one recording is in the corpus twice", "'linked'", "'wavs/Calm/s01_1'"],
    ),
    "a label of one clip": (
        sheet("../wavs/Calm/s01_2.wav,Bored,s01,"),
        ["`protocol.folds`", "no training clip of label 'Bored' (the only one is held out"],
    ),
    "one label": (
        "path,label\n../wavs/Calm/s01_1.wav,Calm\n",
        ["only the label Calm", "at least two"],
    ),
}

# What is given on the command line, and what the message must hold.
MISTAKES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unknown key": ({"shard": 4}, ["`shard`", "nearest is `shards`"]),
    "unknown key of a model": (
        {"models": {"svm_sc": {"kernal": "rbf"}}},
        ["`models.svm_sc.kernal`", "nearest is `models.svm_sc.kernel`"],
    ),
    "wrong type": ({"shards": "many"}, ["`shards`", '"many"', "whole number"]),
    "no shards": ({"shards": 0}, ["`shards`", "0 was given", "at least 1"]),
    "a number below its range": (
        {"models": {"svm_sc": {"C": -1}}},
        ["`models.svm_sc.C`", "-1", "more than 0"],
    ),
    "a word that is no choice": (
        {"models": {"svm_sc": {"scaling": "minmax"}}},
        ["`models.svm_sc.scaling`", "minmax", "standard, none, speaker"],
    ),
    "a feature type that does not exist": (
        {"models": {"svm_sc": {"features": "mfcc99"}}},
        ["`models.svm_sc.features`", "mfcc99"],
    ),
    "a folder that is not there": ({"corpus": {"path": "nowhere"}}, ["`corpus.path`", "nowhere"]),
    "a sheet that is not there": (
        {"corpus": {"adapter": "sheet", "path": "clips.csv"}},
        ["`corpus.path`", "clips.csv"],
    ),
    "a speaker's expression that does not match": (
        {"corpus": {"speaker": "(actor[0-9]+)"}},
        ["`corpus.speaker`", "(actor[0-9]+)", "Angry/s01_1.wav"],
    ),
    "an expression that is none": ({"corpus": {"speaker": "(s[0-9]+"}}, ["`corpus.speaker`"]),
    "a label without a clip": ({"corpus": {"labels": ["Calm", "Bored"]}}, ["Bored"]),
    "a given split that is not given": (
        {"protocol": {"type": "given"}},
        ["`protocol.type`", "train"],
    ),
    "more folds than speakers": ({"protocol": {"folds": 9}}, ["`protocol.folds`", "9", "6"]),
    "random clips without a word of consent": (
        {"protocol": {"type": "random"}},
        ["`protocol.type`", "allow_speaker_overlap"],
    ),
    "no number": ({"images": {"log_offset": ".nan"}}, ["`images.log_offset`", "more than 0"]),
    "a list for a block": ({"protocol": [1]}, ["`protocol`", '["1"]', "a block of keys"]),
    "a file of one's own that is not there": (
        {
            "models": {
                "own": {"family": "custom", "file": "no.py", "class": "Net", "input": "log_mel"}
            }
        },
        ["`models.own", "no.py"],
    ),
    "folds of speakers that nobody is": (
        {"protocol": {"type": "speakers", "test_speakers": [["s01"], ["s7"]]}},
        ["`protocol.test_speakers`", "'s7'", "fold 1", "its speakers are 's01'"],
    ),
    "folds by speaker where nobody is known": (
        {"corpus": {"speaker": None}},
        ["`protocol.type`", "36 of 36 clips", "`corpus.speaker`"],
    ),
    "a folder without a recording": (
        {"corpus": {"path": "config"}},
        ["`corpus.path`", "no WAV was found", "wanted is Train/<Label>"],
    ),
    **{
        what: ({"corpus": {"adapter": "sheet", "path": f"sheets/{what}.csv"}}, words)
        for what, (_, words) in SHEETS.items()
    },
    "an emotion that RAVDESS lacks": (
        {"corpus": {"adapter": "ravdess", "path": "wavs", "emotions": ["Bored", "Calm"]}},
        ["corpus.emotions", "Bored"],
    ),
}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with recordings that was never run."""
    project = Project.make(tmp_path_factory.mktemp("untouched") / "project", SMALL)
    synthesize(project.path("wavs"))
    project.path("sheets").mkdir()
    for name, (text, _) in SHEETS.items():
        project.path("sheets", f"{name}.csv").write_text(text, encoding="utf-8")
    project.path("sheets", "linked.wav").symlink_to(project.path("wavs", "Calm", "s01_1.wav"))
    return project


@pytest.fixture(scope="module")
def refusals(untouched: Project, request: pytest.FixtureRequest) -> dict[str, Future[Run]]:
    """One run a mistake; they end before anything is written, so they may share a folder."""
    asked = [
        item.callspec.params["mistake"]
        for item in request.session.items
        if item.module is request.module and "mistake" in item.fixturenames
    ]
    with ThreadPoolExecutor(2) as pool:
        return {
            mistake: pool.submit(
                untouched.snakemake,
                *("report", "--config"),
                *(
                    f"{key}={json.dumps(value) if isinstance(value, dict | list) else value}"
                    for key, value in MISTAKES[mistake][0].items()
                ),
            )
            for mistake in asked
        }


def assert_refused(run: Run, *words: str) -> None:
    assert run.code != 0
    assert "Traceback" not in run.output, run.output
    for word in words:
        assert word in run.output, run.output


def half_made(project: Project) -> list[Path]:
    """Return temporary files and empty tables that a stopped run left in the results."""
    files = [path for path in project.path("results").rglob("*") if path.is_file()]
    own = ".snakemake_timestamp"
    return [
        path
        for path in files
        if path.name != own and (path.name.startswith(".") or path.stat().st_size == 0)
    ]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_refused_before_anything_runs(
    mistake: str, refusals: dict[str, Future[Run]], untouched: Project
) -> None:
    run = refusals[mistake].result()
    assert_refused(run, "SERflow: ", *MISTAKES[mistake][1])
    assert "Job stats" not in run.output
    assert not untouched.path("results").exists()


# A configuration file, and what the message must hold.
FILES = {
    "a key twice": (
        b"corpus: {name: x, adapter: demo}\nshards: 1\nshards: 2\n",
        "line 3: the key `shards`",
    ),
    "a bracket left open": (b"seeds: [0\nshards: 4\n", "line 2: not YAML"),
    "a list": (b"- shards\n", "no block of keys"),
    "month 99": (b"shards: 4\nclips: {on_error: 2026-99-99}\n", "line 2: `2026-99-99` cannot"),
    "a block in itself": (b"clips: &a {on_error: *a}\n", "line 1: this block holds itself"),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_default_configuration_is_refused_with_the_line(kind: str, tmp_path: Path) -> None:
    content, words = FILES[kind]
    project = Project.make(tmp_path / "project")
    project.path("config", "config.yaml").write_bytes(content)
    run = project.snakemake("-n")
    assert_refused(run, "SERflow: config/config.yaml", words)
    assert not project.path("results").exists()


def test_a_given_file_with_a_key_twice_is_refused(untouched: Project) -> None:
    content, words = FILES["a key twice"]
    untouched.path("mine.yaml").write_bytes(content)
    assert_refused(
        untouched.snakemake("-n", "--configfile", "mine.yaml"), "SERflow: ", "mine.yaml, ", words
    )


def test_a_configuration_file_that_is_not_there_is_named(untouched: Project) -> None:
    """Snakemake reads it before it reads a line of the Snakefile, so the words are its own."""
    run = untouched.snakemake("report", "--configfile", "no.yaml")
    assert run.code != 0
    assert "FileNotFoundError" in run.output.strip().splitlines()[-1]
    assert "no.yaml" in run.output.strip().splitlines()[-1]
    assert not untouched.path("results").exists()


def test_all_mistakes_are_told_at_once(untouched: Project) -> None:
    run = untouched.snakemake("-n", "--config", "shards=0", 'evaluation={"resamples": 1}')
    assert_refused(run, "`shards`", "`evaluation.resamples`")


def test_an_unreadable_recording_stops_the_run_with_its_path(
    untouched: Project, tmp_path: Path
) -> None:
    project = untouched.copy(tmp_path / "project")
    project.path("wavs", "Calm", "s03_1.wav").write_text("This is not a recording.\n")
    run = project.snakemake("evaluation")
    where = (
        "What a job says for itself stands in its log, below logs/tiny/; what is known to go wrong"
    )
    assert_refused(run, "wavs/Calm/s03_1.wav", where, "The same command goes on from here.")
    assert half_made(project) == []
    assert not project.results.joinpath("checked.txt").exists()
    assert not project.results.joinpath("evaluation").exists()


def test_a_recording_repaired_goes_on_where_it_stopped(untouched: Project, tmp_path: Path) -> None:
    project = untouched.copy(tmp_path / "project")
    broken = project.path("wavs", "Calm", "s03_1.wav")
    broken.write_bytes(b"RIFF\x00\x00\x00\x00WAVE")
    assert_refused(project.snakemake("features", "--keep-going"), "wavs/Calm/s03_1.wav")
    write_wav(broken, voice("Calm", 3, 1))
    planned = project.planned(target="features")
    # The other shard has been extracted already.
    assert planned == jobs(CHECKS, recordings=1, spectrograms=1, band_features=1, feature_table=1)


@pytest.fixture(scope="module")
def shared_speaker(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Train and Test folders with one speaker, s04, in both."""
    configuration = {**SMALL, "protocol": {"type": "given", "validation": 0}}
    project = Project.make(tmp_path_factory.mktemp("shared") / "project", configuration)
    synthesize(project.path("all"))
    for wav in sorted(project.path("all").rglob("*.wav")):
        test = wav.stem.startswith(("s05", "s06")) or wav.stem == "s04_2"
        target = project.path("wavs", "Test" if test else "Train", wav.parent.name, wav.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        wav.rename(target)
    shutil.rmtree(project.path("all"))
    return project


def test_a_speaker_on_both_sides_is_refused(shared_speaker: Project) -> None:
    run = shared_speaker.snakemake("evaluation")
    assert_refused(run, "`protocol.type`", "s04", "allow_speaker_overlap")
    assert not shared_speaker.path("results").exists()


def test_identical_audio_on_both_sides_stops_at_the_gate(
    shared_speaker: Project, tmp_path: Path
) -> None:
    """One recording under two speakers' names: nobody sees it before the sounds are compared."""
    project = shared_speaker.copy(tmp_path / "project")
    shutil.rmtree(project.path("results"), ignore_errors=True)
    for label in LABELS:
        project.path("wavs", "Test", label, "s04_2.wav").unlink()
    train, test = "wavs/Train/Angry/s01_1.wav", "wavs/Test/Angry/s05_1.wav"
    shutil.copy2(project.path(train), project.path(test))
    run = project.snakemake("evaluation")
    assert_refused(run, "Train/Angry/s01_1", "Test/Angry/s05_1", "identical audio", "What to do")
    with project.results.joinpath("leakage.tsv").open(newline="") as file:
        [found] = list(csv.DictReader(file, delimiter="\t"))
    assert (found["fold"], found["kind"], found["severity"]) == ("0", "audio", "error")
    assert "Train/Angry/s01_1" in found["clips"]
    assert not project.results.joinpath("gate.txt").exists()
    assert not project.results.joinpath("models").exists()
    assert half_made(project) == []


def test_a_speaker_on_both_sides_can_be_allowed_in_words(shared_speaker: Project) -> None:
    run = shared_speaker.build("report", "--config", 'protocol={"allow_speaker_overlap": true}')
    assert "What a job says for itself" not in run.output
    leakage = shared_speaker.results.joinpath("leakage.tsv").read_text()
    assert "\tallowed\t" in leakage
    page = shared_speaker.results.joinpath("report", "report.html").read_text(encoding="utf-8")
    notices = re.findall(r'class="notice error".*?</', page, re.DOTALL)
    assert any("same voices" in notice for notice in notices)
    assert "speaker s04 is in 2 roles" in page
