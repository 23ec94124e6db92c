"""A job that is killed in the middle of a training goes on where it was."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from project import CONFIGURATION, Project, kill_all, rows, synthesize
from staleness import replace

EPOCHS = 60
NET: dict[str, Any] = {
    **CONFIGURATION["models"]["cnn1d"],
    "epochs": EPOCHS,
    "dropout": 0.3,
    "augmentations": ["noise"],
    "select": "best",
    "refit": True,
}
RUN = "fold0_seed0"
CHECKPOINTS = ("workflow", "serflow", "networks", "checkpoints.py")
TARGET = f"results/tiny/models/net_noise/{RUN}.json"


def test_after_a_kill_the_outputs_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    undisturbed = Project.make(
        tmp_path / "undisturbed", {**CONFIGURATION, "shards": 1, "models": {"net": NET}}
    )
    synthesize(undisturbed.path("wavs"))
    # Every epoch, where the short time of the test would see no checkpoint.
    replace("\nSECONDS = 30.0\n", "\nSECONDS = 0.0\n", *CHECKPOINTS)(undisturbed)
    undisturbed.build("results/tiny/signals/4000/0.npy", "results/tiny/gate.txt")
    killed = undisturbed.copy(tmp_path / "killed")
    undisturbed.build(TARGET)

    kill_in_the_middle(killed)
    stored = killed.results / "checkpoints" / "net_noise" / f"{RUN}.pt"
    assert stored.is_file()
    assert not killed.path(TARGET).exists()
    killed.build("--unlock")
    killed.build(TARGET, "--rerun-incomplete")
    log = killed.path("logs", "tiny", "models", "net_noise", f"{RUN}.log")
    assert "going on from" in log.read_text(encoding="utf-8")
    # The folder of all checkpoints, and what the kill may have left in it.
    assert not stored.parents[1].exists()
    for name in (f"models/net_noise/{RUN}.safetensors", f"predictions/net_noise/{RUN}.tsv"):
        assert file(killed, name) == file(undisturbed, name)
    name = f"curves/net_noise/{RUN}.tsv"
    assert file(killed, name) == file(undisturbed, name)
    assert len(rows(killed.results / name)) == EPOCHS
    assert record(killed) == record(undisturbed)
    assert killed.planned(target=TARGET) == {}


def kill_in_the_middle(project: Project) -> None:
    """Start the training and kill Snakemake and its job once some epochs are done."""
    curve = project.results / "curves" / "net_noise" / f"{RUN}.tsv"
    process = project.start(TARGET)
    try:
        while process.poll() is None and not (curve.exists() and len(rows(curve)) >= 5):
            time.sleep(0.01)
    finally:
        kill_all(process)
    assert 5 <= len(rows(curve)) < EPOCHS


def file(project: Project, name: str) -> bytes:
    return project.results.joinpath(name).read_bytes()


def record(project: Project) -> dict[str, Any]:
    """Return what is told of the training, times apart."""
    told: dict[str, Any] = json.loads(project.path(TARGET).read_text(encoding="utf-8"))
    assert told.pop("train_seconds") > 0
    assert told.pop("predict_ms_per_clip") > 0
    return told
