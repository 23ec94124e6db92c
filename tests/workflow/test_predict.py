"""`python -m serflow predict`: recordings of one's own by models of an earlier run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from project import RESULTS, SMALL, Project, rows, synthesize, voice, write_wav
from staleness import append

from serflow.__main__ import main

MODELS = ("svm_sc", "svm_sbe", "svm_mfcc12", "cnn1d", "cnn2d", "cnn2d_time_shift")


@pytest.fixture
def inside(finished: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The finished project, called from its folder."""
    monkeypatch.chdir(finished.folder)
    return finished


@pytest.mark.parametrize("model", MODELS)
def test_a_recording_gets_what_the_evaluation_gave_it(
    inside: Project, model: str, tmp_path: Path
) -> None:
    folder = f"results/tiny/models/{model}"
    for fold in ("0", "1"):
        tested = rows(inside.results / "predictions" / model / f"fold{fold}_seed0.tsv")
        (file,) = [
            path for path in inside.path(folder).glob(f"fold{fold}*") if path.suffix[1] == "s"
        ]
        wavs = [f"wavs/{row['clip']}.wav" for row in tested]
        assert (
            main(["predict", *wavs, "--model", str(file), "--output", str(tmp_path / "o.tsv")]) == 0
        )
        told = rows(tmp_path / "o.tsv")
        assert [row["recording"] for row in told] == wavs
        for mine, theirs in zip(told, tested, strict=True):
            for column in ("p_Angry", "p_Calm", "p_Happy"):
                assert float(mine[column]) == pytest.approx(float(theirs[column]), abs=2e-6)


def test_all_folds_of_the_best_model_answer_together(
    inside: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated = rows(inside.results / "evaluation" / "models.tsv")
    trained = [row for row in evaluated if row["family"] != "baseline"]
    best = max(trained, key=lambda row: float(row["uar"]))["model"]
    asked = ["predict", "wavs/Calm/s01_1.wav", "--json", "--model"]
    assert main([*asked, "results/tiny"]) == 0
    together = json.loads(capsys.readouterr().out)
    assert [Path(path).parent.name for path in together["models"]] == [best, best]
    single = []
    for path in together["models"]:
        assert main([*asked, path]) == 0
        single.append(json.loads(capsys.readouterr().out)["recordings"][0])
    (row,) = together["recordings"]
    for column in ("p_Angry", "p_Calm", "p_Happy"):
        assert row[column] == pytest.approx((single[0][column] + single[1][column]) / 2)
    assert row["predicted"] == max(("Angry", "Calm", "Happy"), key=lambda name: row[f"p_{name}"])


def test_a_longer_recording_is_heard_window_by_window(inside: Project, tmp_path: Path) -> None:
    import numpy as np

    # A window of the tiny configuration is 31 hops of 15 ms, 0.465 s; the parts start at 0 and 1 s.
    parts = [voice("Calm", 2, 1), voice("Angry", 2, 1)]
    gap = np.zeros(8000 - parts[0].size, np.int16)
    write_wav(tmp_path / "long.wav", np.concatenate([parts[0], gap, parts[1]]))
    write_wav(tmp_path / "second.wav", parts[1][:3720])
    model = ["--model", "results/tiny/models/svm_mfcc12"]
    windows, table = tmp_path / "windows.tsv", tmp_path / "table.tsv"
    files = [str(tmp_path / "long.wav"), str(tmp_path / "second.wav")]
    given = ["predict", *files, *model, "--windows", str(windows), "--output", str(table)]
    assert main(given) == 0
    first, second, alone = rows(windows)
    assert [(row["start"], row["end"]) for row in (first, second)] == [
        ("0", "0.465"),
        ("1", "1.465"),
    ]
    assert second["p_Angry"] == alone["p_Angry"]
    whole = rows(table)[0]
    mean = (float(first["p_Angry"]) + float(second["p_Angry"])) / 2
    assert float(whole["p_Angry"]) == pytest.approx(mean, abs=2e-6)


def test_folders_patterns_and_sheets(inside: Project, capsys: pytest.CaptureFixture[str]) -> None:
    inside.path("sheet.csv").write_text("path\nwavs/Calm/s01_1.wav\n")
    model = ["--json", "--model", "results/tiny/models/svm_sc"]
    for given, count in (
        (["wavs/Calm"], 12),
        (["wavs/*/s01_1.wav"], 3),
        (["sheet.csv"], 1),
        (["wavs/Calm/s01_1.wav", "wavs/Calm"], 12),
    ):
        assert main(["predict", *given, *model]) == 0
        assert len(json.loads(capsys.readouterr().out)["recordings"]) == count


def test_bad_recordings_are_told_and_the_others_answered(
    inside: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.wav").touch()
    given = ["predict", str(tmp_path / "bad.wav"), "wavs/Calm/s01_1.wav", "--json"]
    assert main([*given, "--model", "results/tiny/models/svm_sc"]) == 1
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["recordings"]) == 1
    assert "bad.wav: is empty (0 bytes); fetch or record it again" in printed.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.wav", "--model", "results/tiny/models/svm_sc"], "nowhere.wav: cannot be read"),
        (["a*.wav", "--model", "results/tiny"], "no file matches this pattern"),
        (["wavs/Calm", "--model", "nowhere"], "nowhere: there is no such file or folder"),
        (["wavs/Calm", "--model", "wavs"], "no model is in it"),
        (["wavs/Calm", "--model", "wavs/Calm/s01_1.wav"], "wanted is a model, .skops or"),
    ],
)
def test_mistakes_are_told_in_words(
    inside: Project, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_own_code_is_executed_only_when_it_is_given(
    inside: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model file names the code of its features, but does not choose what is executed."""
    from dataclasses import replace

    from serflow import svm

    code = tmp_path / "own.py"
    code.write_text("def first(samples, rate):\n    return samples[:9]\n")
    (file,) = inside.path("results/tiny/models/svm_sc").glob("fold0*.skops")
    model = svm.load(file)
    own = {"features.custom.first": {"file": str(code), "function": "first"}}
    window = {
        key: model.extraction[key] for key in model.extraction if "frames" in key or "hop" in key
    }
    chosen = {**model.chosen, "features": "first"}
    svm.save(tmp_path / "own.skops", replace(model, chosen=chosen, extraction={**own, **window}))
    asked = ["predict", "wavs/Calm/s01_1.wav", "--model", str(tmp_path / "own.skops")]
    assert main(asked) == 1
    assert f"made by {code}, which would be executed; give that file" in capsys.readouterr().err


def test_a_machine_on_features_of_ones_own_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its file tells how much of a recording it hears, though the features tell nothing of it."""
    own = {"middle": {"file": "own.py", "function": "middle"}}
    features = {**SMALL["features"], "types": [], "custom": own}
    models = {"svm_own": {"family": "svm", "features": "middle"}}
    project = Project.make(tmp_path / "project", {**SMALL, "features": features, "models": models})
    synthesize(project.path("wavs"))
    code = "def middle(samples, rate):\n    return samples[1000:1009]\n"
    project.path("own.py").write_text(code, encoding="utf-8")
    folder = "results/tiny/models/svm_own"
    project.build(*(f"{folder}/fold{fold}_seed0.skops" for fold in (0, 1)), cores=2)
    monkeypatch.chdir(project.folder)
    assert main(["predict", "wavs/Calm", "--model", folder, "--own-code", "own.py", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["recordings"]
    assert len(told) == 12
    assert told[0]["windows"][0]["end"] == pytest.approx(0.465)


def test_the_results_tell_which_trainings_are_theirs(inside: Project) -> None:
    told = json.loads((inside.results / "provenance.json").read_text())["trainings"]
    assert set(told) == set(MODELS)
    assert all(trainings == ["fold0_seed0", "fold1_seed0"] for trainings in told.values())


def test_the_command_imports_no_more_than_its_model_needs(inside: Project) -> None:
    """No scikit-learn for a machine: what has to be imported is most of what a user waits for."""
    program = """
import sys
from serflow.__main__ import main
code = main(["predict", "wavs/Calm/s01_1.wav", "--model", sys.argv[1]])
heavy = ("torch", "sklearn", "skops", "snakemake", "pandas", "matplotlib", "jinja2", "yaml")
print([name for name in (*heavy, "scipy.signal") if name in sys.modules])
sys.exit(code)
"""
    for model, loaded in (("svm_sc", []), ("svm_mfcc12", []), ("cnn1d", ["torch"])):
        done = subprocess.run(
            [sys.executable, "-c", program, f"results/tiny/models/{model}"],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(inside.path("workflow"))},
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == str(loaded)


# `snakemake predict`.

HERE = "eigene Aufnahmen/Grüße, 2.wav"


def predicted(project: Project) -> Path:
    """Return the folder of the only request's answers."""
    (folder,) = project.results.glob("predict/*/")
    return folder


def test_the_rule_says_what_the_command_says(finished: Project, tmp_path: Path) -> None:
    project = finished.copy(tmp_path / "project")
    write_wav(project.path(HERE), voice("Happy", 3, 1))
    shutil.copytree(project.path("wavs", "Calm"), project.path("mine"))
    wanted = ["mine", HERE]
    asked = [
        "predict",
        "--config",
        f"recordings={json.dumps(wanted)}",
        'predict={"model": "svm_mfcc12"}',
    ]
    run = project.build(*asked)
    assert run.jobs == {"predict": 1, "prediction": 1, "prediction_check": 1}
    folder = predicted(project)
    page = folder / "prediction.html"
    assert f"The predictions: {page.relative_to(project.folder)}\n" in run.output
    command = [sys.executable, "-m", "serflow", "predict", *wanted, "--output", "table.tsv"]
    command += ["--windows", "windows.tsv", "--page", "page.html"]
    subprocess.run(
        [*command, "--model", f"{RESULTS}/models/svm_mfcc12"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.path("workflow"))},
        check=True,
    )
    assert (folder / "predictions.tsv").read_text() == project.path("table.tsv").read_text()
    assert (folder / "windows.tsv").read_text() == project.path("windows.tsv").read_text()
    assert [row["recording"] for row in rows(folder / "predictions.tsv")][-1] == HERE
    assert "Grüße, 2.wav" in page.read_text(encoding="utf-8")
    assert page.stat().st_size == pytest.approx(project.path("page.html").stat().st_size, abs=2000)

    # Nothing has changed but a script that the report alone has, so nothing is asked again; and the
    # report does not know of what was asked.
    scripts = ("workflow", "report", "page")
    append("\n", *scripts, "charts.js")(project)
    again = project.snakemake(*asked)
    assert "Nothing to be done" in again.output
    assert f"The predictions: {page.relative_to(project.folder)}\n" in again.output
    assert project.planned(*asked[1:]) == {"report_html": 1}
    asked_again = {"prediction": 1, "prediction_check": 1}
    theme = project.path(*scripts, "theme.js")
    written = theme.read_bytes()
    append("\n", *scripts, "theme.js")(project)
    assert project.planned(*asked[1:], target="predict") == asked_again
    theme.write_bytes(written)
    write_wav(project.path(HERE), voice("Calm", 3, 1))
    assert project.planned(*asked[1:], target="predict") == asked_again
    # As on another machine: what the run has made is enough, but for nothing else.
    project.path("wavs").rename(project.path("elsewhere"))
    build = project.build(*asked)
    absent = "`corpus.path`: wavs does not exist; wanted is the folder"
    assert f"an earlier run has found, enough to predict: {absent}" in build.output
    for target in ("report", "corpus", "dag"):
        refused = project.snakemake(target, "-n")
        assert refused.code == 1
        assert f"SERflow: {absent}" in refused.output
        assert "Job stats" not in refused.output
    (model, *_) = project.path(RESULTS, "models", "svm_mfcc12").glob("*.skops")
    os.utime(model)
    assert project.planned(*asked[1:], target="predict") == asked_again


def test_the_rule_tells_bad_recordings_and_answers_the_others(
    finished: Project, tmp_path: Path
) -> None:
    project = finished.copy(tmp_path / "project")
    project.path("mine").mkdir()
    project.path("mine", "empty.wav").touch()
    write_wav(project.path("mine", "good.wav"), voice("Happy", 3, 1))
    run = project.snakemake("predict", "--config", "recordings=mine")
    assert run.code == 1
    folder = predicted(project)
    assert "1 of the recordings could not be used; what is said of the others is in" in run.output
    assert "mine/empty.wav: is empty (0 bytes); fetch or record it again" in run.output
    assert "Traceback" not in run.output
    assert [row["recording"] for row in rows(folder / "predictions.tsv")] == ["mine/good.wav"]
    assert [row["recording"] for row in rows(folder / "unusable.tsv")] == ["mine/empty.wav"]
    page = (folder / "prediction.html").read_text(encoding="utf-8")
    assert "1 recording could not be used" in page
    assert "is empty (0 bytes)" in page
    # On a cluster a group that fails loses all its files, so the check is in none.
    slurm = ("--profile", "profiles/slurm", "--forceall")
    plan = project.snakemake("predict", "-n", *slurm, "--config", "recordings=mine").output
    assert re.search(r"^    Job \d+: What a model of an earlier run says", plan, re.MULTILINE)
    assert re.search(r"^Job \d+: Whether all recordings could be used", plan, re.MULTILINE)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "`recordings` is not given; say which recordings are meant"),
        (["recordings=gone.wav"], "`recordings`: gone.wav cannot be found"),
        (["recordings=gone/*.wav"], "gone/*.wav: no file matches this pattern"),
        (["recordings=config"], "config: no WAV is in this folder"),
        (
            ["recordings=wavs/Calm", 'predict={"model": "svm"}'],
            "`predict.model`: svm was given, but results/tiny/models has cnn1d, cnn2d, ",
        ),
        (
            ["recordings=wavs/Calm", 'corpus={"name": "other"}'],
            "results/other: no model is there yet, and a prediction does not train one; finish a",
        ),
    ],
)
def test_what_cannot_be_asked_is_told_before_any_job(
    finished: Project, given: list[str], message: str
) -> None:
    run = finished.snakemake("predict", "-n", *(["--config", *given] if given else []))
    assert run.code == 1
    assert f"SERflow: {message}" in run.output
    assert "Traceback" not in run.output
    assert "Job stats" not in run.output
