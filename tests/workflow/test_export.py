"""The target `export`: what lies there, whether it says what the run said, what is made anew."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from project import RESULTS, Project, environment, rows
from staleness import library

from serflow.__main__ import main

CARD = f"{RESULTS}/export/cnn1d/README.md"


@pytest.fixture(scope="module")
def exported(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the finished project with the export of a network and of a machine."""
    project = finished.copy(tmp_path_factory.mktemp("exported") / "project")
    project.build(CARD, f"{RESULTS}/export/svm_sc/README.md", cores=2)
    return project


def test_all_models_are_exported(exported: Project) -> None:
    assert exported.planned(target="export") == {"export_networks": 2, "model_card": 4}
    names = {path.name for path in (exported.results / "export" / "cnn1d").iterdir()}
    networks = {"fold0_seed0.onnx", "fold1_seed0.onnx"}
    assert names == {*networks, "README.md", "preprocessing.json", "check.tsv"}
    assert [path.name for path in (exported.results / "export" / "svm_sc").iterdir()] == [
        "README.md"
    ]


def test_the_check_compared_real_clips(exported: Project) -> None:
    checked = rows(exported.results / "export" / "cnn1d" / "check.tsv")
    assert [row["network"] for row in checked] == ["fold0_seed0", "fold1_seed0"]
    for row in checked:
        assert row["clips"] == row["alike"] == "18"
        assert 0 <= float(row["difference"]) < 1e-5
        assert 0 < float(row["stored_difference"]) < 1e-5


def test_the_card_s_program_says_what_predict_says(
    exported: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = exported.results / "export" / "cnn1d"
    text = (folder / "README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    wav = exported.path("wavs", "Calm", "s02_1.wav")
    (folder / "my.wav").write_bytes(wav.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / "my.wav").unlink()
    said = dict(line.split() for line in done.stdout.splitlines())
    monkeypatch.chdir(exported.folder)
    model = f"{RESULTS}/models/cnn1d"
    assert main(["predict", str(wav), "--model", model, "--output", str(tmp_path / "o.tsv")]) == 0
    (told,) = rows(tmp_path / "o.tsv")
    assert {f"p_{label}": pytest.approx(float(p), abs=6e-4) for label, p in said.items()} == {
        name: float(p) for name, p in told.items() if name.startswith("p_")
    }


def test_the_card_is_of_this_run(exported: Project) -> None:
    text = (exported.results / "export" / "cnn1d" / "README.md").read_text(encoding="utf-8")
    found = {row["model"]: row for row in rows(exported.results / "evaluation" / "models.tsv")}
    assert f"| **{float(found['cnn1d']['uar']):.3f}** |" in text
    assert "36 test clips, 6 speakers, 2 folds and 1 seed" in text
    assert str(exported.folder) not in text
    told = json.loads((exported.results / "provenance.json").read_text(encoding="utf-8"))
    assert told["corpus"]["fingerprint"] in text


def test_a_new_evaluation_writes_cards_and_converts_nothing(
    exported: Project, tmp_path: Path
) -> None:
    penalty = ("--config", 'models={"svm_sc": {"C": 1}}')
    planned = exported.planned(*penalty, target=CARD)
    assert planned.get("train_svm") == 2
    assert planned.get("model_card") == 1
    assert "export_networks" not in planned
    # What describes the inputs makes the networks' files anew, and trains nothing.
    project = exported.copy(tmp_path / "project")
    library("export/preprocessing.py")(project)
    assert project.planned(target=CARD) == {"export_networks": 1, "model_card": 1}


def test_the_command_gives_the_same_files(
    exported: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(exported.folder)
    model, to = f"{RESULTS}/models/cnn1d", tmp_path / "to"
    # Shards of a configuration that had more of them.
    arrays = next(exported.results.glob("signals/*/0.npy")).parent
    np.save(arrays / "9.npy", np.zeros_like(np.load(arrays / "0.npy")))
    (arrays / "9.tsv").write_bytes((arrays / "0.tsv").read_bytes())
    assert main(["export", model, "--to", str(to)]) == 0
    for file in (exported.results / "export" / "cnn1d").iterdir():
        assert (to / file.name).read_bytes() == file.read_bytes(), file.name
    # Again into the same folder, and never beside what is of something else.
    assert main(["export", f"{RESULTS}/models/svm_sc", "--to", str(tmp_path / "svm")]) == 0
    (to / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["export", model, "--to", str(to)]) == 1
    assert "holds notes.txt, which is of no export" in capsys.readouterr().err
    for folder in (RESULTS, f"{model}/fold0_seed0.safetensors", "nowhere", "/"):
        assert main(["export", folder, "--to", str(tmp_path / "other")]) == 1
        assert "wanted is a folder results/{corpus}/models/{model}" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
    (exported.results / "provenance.json").write_text("{}", encoding="utf-8")
    assert main(["export", model, "--to", str(tmp_path / "other")]) == 1
    assert "provenance.json: cannot be read" in capsys.readouterr().err
