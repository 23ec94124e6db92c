"""Recordings that cannot be used: all told at once, or left out and counted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from project import BRIEF, CONFIGURATION, RESULTS, SMALL, Project, rows, synthesize

from serflow.corpora.shards import deal

SKIP = ("--config", "clips={'on_error': 'skip'}")
BAD = {
    "Angry/s01_1.wav": (b"", "is empty (0 bytes)"),
    "Angry/s02_1.wav": (b"<html></html>", "is a web page (HTML), not a WAV file"),
    "Happy/s03_2.wav": (None, "cannot be read (No such file or directory)"),
}
NAMES = {path.removesuffix(".wav") for path in BAD}
SMALL_NET = {"epochs": 1, "channels": [4, 8]}
# Everything that reads WAVs, at the recordings' own rate too.
READERS = {
    **CONFIGURATION,
    "report": BRIEF,
    "shards": 5,
    "features": {**CONFIGURATION["features"], "types": ["sc"]},
    "models": {
        "svm": {"family": "svm", "features": "sc+mfcc12"},
        "native": {"family": "cnn1d", "rate": None, **SMALL_NET},
        "cnn2d": {
            "family": "cnn2d",
            "size": [20, 12],
            **SMALL_NET,
            "augmentations": ["sound_gain"],
        },
    },
}


@pytest.fixture
def spoilt(tmp_path: Path) -> Project:
    """A project that was never run, with three bad recordings of thirty-six."""
    project = Project.make(tmp_path / "project", CONFIGURATION)
    synthesize(project.path("wavs"))
    spoil(project)
    return project


def wavs(project: Project) -> list[Path]:
    folder = project.path("wavs")
    return [path.relative_to(folder) for path in sorted(folder.glob("*/*.wav"))]


def spoil(project: Project) -> None:
    for name, (content, _) in BAD.items():
        path = project.path("wavs", name)
        path.unlink()
        if content is None:
            path.symlink_to("nowhere.wav")
        else:
            path.write_bytes(content)


def test_the_run_stops_and_tells_all_before_any_training(spoilt: Project) -> None:
    run = spoilt.snakemake("report")
    assert run.code == 1
    assert "Traceback" not in run.output
    assert "3 of 36 recordings cannot be used" in run.output
    told = {row["clip"]: row for row in rows(spoilt.results / "clips.tsv") if row["reason"]}
    assert set(told) == NAMES
    for path, (_, reason) in BAD.items():
        assert f"wavs/{path}: {reason}; " in run.output
        assert told[path.removesuffix(".wav")]["reason"] == reason
        assert told[path.removesuffix(".wav")]["remedy"]
    made = {path.name for path in spoilt.results.iterdir()}
    assert not made & {"splits.tsv", "models", "report"}


def test_they_are_left_out_where_that_is_wanted(spoilt: Project) -> None:
    spoilt.configure(SMALL)
    spoilt.build("report", *SKIP)
    excluded = rows(spoilt.results / "excluded.tsv")
    assert {row["clip"] for row in excluded} == NAMES
    assert not NAMES & {row["clip"] for row in rows(spoilt.results / "splits.tsv")}
    tested = rows(spoilt.results / "predictions" / "svm_sc" / "fold0_seed0.tsv")
    tested += rows(spoilt.results / "predictions" / "svm_sc" / "fold1_seed0.tsv")
    assert len({row["clip"] for row in tested}) == 33
    page = (spoilt.results / "report" / "report.html").read_text()
    assert "3 of 36 recordings" in page
    # Whoever wants none left out is not served what was made without them, however often they ask.
    for _ in range(3):
        refused = spoilt.snakemake("report")
        assert refused.code == 1
        assert "3 of 36 recordings cannot be used" in refused.output
    assert spoilt.planned(*SKIP) == {}
    # One is mended, and what it is in is made anew; the other two are told from now on.
    mended = spoilt.path("wavs/Angry/s01_1.wav")
    mended.write_bytes(spoilt.path("wavs/Angry/s01_2.wav").read_bytes()[:-2] + b"\1\0")
    planned = spoilt.planned(*SKIP)
    assert planned["recordings"] == planned["spectrograms"] == planned["splits"] == 1
    assert spoilt.snakemake("report").code == 1
    spoilt.build("evaluation", *SKIP)
    assert len(rows(spoilt.results / "excluded.tsv")) == 2
    for name in ("Angry/s02_1", "Happy/s03_2"):
        path = spoilt.path("wavs", f"{name}.wav")
        path.unlink()
        path.write_bytes(mended.read_bytes()[:-2] + name[-2:].encode())
    spoilt.build("evaluation")
    assert spoilt.planned(target="evaluation") == spoilt.planned(*SKIP, target="evaluation") == {}


def test_what_the_system_refuses_for_a_while_is_no_verdict(spoilt: Project) -> None:
    """A disk that was away when the job looked; a verdict would stay."""
    for name in BAD:
        path = spoilt.path("wavs", name)
        path.unlink()
        path.write_bytes(
            spoilt.path("wavs/Calm/s01_1.wav").read_bytes()[:-2] + name.encode()[-6:-4]
        )
    script = spoilt.path("workflow", "scripts", "recordings.py")
    text = script.read_text()
    away = '    import os\n    os.rename("wavs", "away")\n'
    script.write_text(text.replace("    from serflow.sound", f"{away}    from serflow.sound", 1))
    run = spoilt.snakemake("clips", *SKIP)
    assert run.code == 1
    assert "though it was there when the run began" in run.output
    spoilt.path("away").rename(spoilt.path("wavs"))
    script.write_text(text)
    spoilt.build("clips", *SKIP)
    assert {row["verdict"] for row in rows(spoilt.results / "clips.tsv")} == {"ok"}


def test_every_reader_leaves_them_out(spoilt: Project) -> None:
    """Also where nothing of a shard is left."""
    clips = [path.removesuffix(".wav") for path in map(str, wavs(spoilt))]
    whole = min(deal([{"clip": clip} for clip in clips], 5).values(), key=len)
    for row in whole:
        path = spoilt.path("wavs", f"{row['clip']}.wav")
        path.unlink()
        path.write_bytes(b"RIFF")
    bad = NAMES | {row["clip"] for row in whole}
    spoilt.configure(READERS)
    spoilt.build("evaluation", "features", "images", *SKIP, cores=2)
    for name in ("svm", "native", "cnn2d_sound_gain"):
        tested = [
            row["clip"]
            for fold in (0, 1)
            for row in rows(spoilt.path(RESULTS, "predictions", name, f"fold{fold}_seed0.tsv"))
        ]
        assert len(tested) == len(set(tested)) == 36 - len(bad)
        assert not bad & set(tested)


def test_a_label_without_a_usable_recording_ends_the_run(spoilt: Project) -> None:
    for path in spoilt.path("wavs/Angry").iterdir():
        path.unlink()
        path.write_bytes(b"RIFF")
    run = spoilt.snakemake("report", *SKIP)
    assert run.code == 1
    assert "`clips.on_error`: skip leaves no clip of the label Angry" in run.output


def test_a_speaker_without_a_usable_recording_ends_leave_one_speaker_out(spoilt: Project) -> None:
    for path in spoilt.path("wavs").glob("*/s04_*.wav"):
        path.unlink()
        path.write_bytes(b"RIFF")
    loso = {**CONFIGURATION, "protocol": {**CONFIGURATION["protocol"], "type": "loso"}}
    loso["protocol"].pop("folds")
    spoilt.configure(loso)
    run = spoilt.snakemake("evaluation", *SKIP)
    assert run.code == 1
    assert "no clip of the speaker s04, so 5 of 6 folds" in run.output


def test_nothing_is_left(spoilt: Project) -> None:
    for path in spoilt.path("wavs").glob("*/*.wav"):
        path.unlink()
        path.write_bytes(b"RIFF")
    run = spoilt.snakemake("report", *SKIP)
    assert run.code == 1
    assert "36 of 36 recordings cannot be used" in run.output
    assert "No recording is left." in run.output


def test_a_corpus_that_is_elsewhere_is_told_before_any_job(tmp_path: Path) -> None:
    project = Project.make(tmp_path / "project", CONFIGURATION)
    sheet = project.path("sheet.csv")
    sheet.write_text("path,label\nwavs/a.wav,Angry\nwavs/b.wav,Happy\n")
    run = project.snakemake(
        "report", "--config", f"corpus={{'name': 'x', 'adapter': 'sheet', 'path': '{sheet}'}}"
    )
    assert run.code == 1
    assert "none of the 2 recordings of the clip table is there" in run.output
    assert not project.path("results/x").exists()


def test_a_recording_made_readable_is_read_again(spoilt: Project) -> None:
    """Its size and time stay the same."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = spoilt.path("wavs/Happy/s01_1.wav")
    path.chmod(0)
    spoilt.build("evaluation", *SKIP)
    path.chmod(0o644)
    assert spoilt.planned(*SKIP, target="evaluation")["recordings"] == 1
