"""Prediction: what a user waits for who asks a finished model about one recording.

Each way is a fresh interpreter, as a shell starts it; all in turn. An SVM is asked without
scikit-learn: beside it stands the same prediction by scikit-learn's own estimator. Of a network the
floor is the import of torch, which runs it.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from common import PROJECT, Options, Row
from project import copy, snakemake

ROUNDS = 5
SECONDS = 2.0
FOLDS = 4
SVM, NETWORKS = "svm_mfcc12", ("cnn1d", "cnn2d")
# How well a network has learnt does not matter here.
SETTINGS = json.dumps({name: {"epochs": 1} for name in NETWORKS})
BY_SCIKIT_LEARN = """
import json, sys
import numpy as np
from serflow import svm
from serflow.prediction import chain
from serflow.sound.audio import read_wav
models = [svm.load(path) for path in sys.argv[2:]]
first = models[0]
read = chain.feature_vector(read_wav(sys.argv[1]), first.chosen["features"], first.extraction)
answers = np.mean([svm.predict(model, read[None])[0] for model in models], axis=0)
print(json.dumps(answers.tolist()))
"""


def measure(options: Options) -> list[Row]:
    """Train the models of the demonstration, and ask them."""
    folder = copy(options.folder / "project")
    trained = {
        name: [f"results/demo/models/{name}/fold{fold}_seed0.{kind}" for fold in range(FOLDS)]
        for kind, names in (("skops", [SVM]), ("safetensors", NETWORKS))
        for name in names
    }
    files = [file for of_model in trained.values() for file in of_model]
    snakemake(folder, *files, "--config", f"models={SETTINGS}")
    # The shortest one is a single window.
    wavs = folder.joinpath("results", "demo", "wavs").rglob("*.wav")
    wav = str(min(wavs, key=lambda path: (path.stat().st_size, path)))
    asked = {
        name: ["-m", "serflow", "predict", wav, "--json", "--model", f"results/demo/models/{name}"]
        for name in trained
    }
    simple = ["-c", BY_SCIKIT_LEARN, wav, *trained[SVM]]
    _compare(folder, asked[SVM], simple)
    ways = {
        **asked,
        "simple": simple,
        "numpy": ["-c", "import numpy"],
        "torch": ["-c", "import torch"],
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    # The first round reads everything from the disk and is not counted.
    for _ in range(ROUNDS + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            _python(folder, way)
            times[name].append(time.perf_counter() - start)
    seconds = {name: statistics.median(values[1:]) for name, values in times.items()}
    return [
        Row(
            "prediction",
            f"python -m serflow predict, one recording, {name}",
            "s, wall",
            seconds[name],
            seconds["simple"] if name == SVM else None,
            seconds["numpy" if name == SVM else "torch"],
            limit=f"{SECONDS:.0f} s",
            held=seconds[name] <= SECONDS,
            note=f"{FOLDS} trainings answer; median of {ROUNDS}; floor: the import of "
            + ("numpy; simple: by scikit-learn and skops" if name == SVM else "torch"),
        )
        for name in trained
    ]


def _compare(folder: Path, ours: Sequence[str], simple: Sequence[str]) -> None:
    """Insist that both ways give the same probabilities."""
    [told] = json.loads(_python(folder, ours))["recordings"]
    one = [value for name, value in told.items() if name.startswith("p_")]
    other = json.loads(_python(folder, simple))
    if len(told["windows"]) != 1 or not all(
        math.isclose(mine, theirs, abs_tol=1e-6) for mine, theirs in zip(one, other, strict=True)
    ):
        raise SystemExit(f"two ways, two answers: {one} and {other}")


def _python(folder: Path, arguments: Sequence[str]) -> str:
    """Run a fresh interpreter in `folder`; return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT / "workflow")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return done.stdout
