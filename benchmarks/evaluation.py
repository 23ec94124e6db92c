"""Evaluation: from prediction tables to all tables and sentences, with thousands of resamples.

Ours is the script of the rule `evaluate` in a process of its own, from files to files. Beside it a
loop that draws speakers and scores the drawn clips with scikit-learn, resample by resample; of that
loop a few turns are run and the rest is reckoned from them. Predictions are made up.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import SimpleNamespace

import numpy as np
from common import PROJECT, Options, Row, wall_seconds
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score
from snakemake.iocontainers import Namedlist

from serflow.configuration import load_schema
from serflow.evaluation import choices, intervals, predictions
from serflow.evaluation.entrants import Trained
from serflow.evaluation.outcomes import Outcomes, gather
from serflow.evaluation.tables import COLUMNS, unit_counts
from serflow.tables import write_tsv

MODELS = 10
LABELS = ("Angry", "Calm", "Happy", "Sad")
FOLDS = 6
ROUNDS = 3
MEGABYTES = 2000
LOOPED = 2
"""Models that the straightforward way scores: one pair."""
JOB = """
import pickle, runpy, sys, time
job = pickle.load(sys.stdin.buffer)
main = runpy.run_path(sys.argv[1])["main"]
start = time.perf_counter()
main(job)
print(time.perf_counter() - start)
# The peak since this program began; `getrusage` also tells that of the program that started it.
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""

Run = tuple[str, int, int]


@dataclass(frozen=True)
class Size:
    """How large a report is, in how many seconds, and turns of the simple loop that are run."""

    clips: int
    speakers: int
    seeds: int
    limit: float
    turns: int


SIZES = (
    Size(clips=576, speakers=18, seeds=3, limit=5, turns=20),
    Size(clips=100_000, speakers=2000, seeds=1, limit=60, turns=2),
)


def measure(options: Options) -> list[Row]:
    """Measure a report of RAVDESS' size and one of a large corpus."""
    rows = []
    keys = load_schema()["properties"]["evaluation"]["properties"]
    settings = {key: told["default"] for key, told in keys.items()}
    for size in SIZES:
        folder = options.folder / f"{size.clips}"
        runs, job = made_up(size, folder, settings)
        found = [by_script(job) for _ in range(ROUNDS)]
        seconds, peak = median(one for one, _ in found), max(one for _, one in found)
        loop = straightforward(size, folder, runs, settings)
        what = f"{MODELS} models, {size.clips:,} clips, {size.speakers:,} speakers"
        rows += [
            Row(
                "evaluation",
                f"all tables: {what}",
                "s, wall",
                seconds,
                loop,
                limit=f"{size.limit:g} s",
                held=seconds <= size.limit,
                note=f"{settings['resamples']:,} resamples of speakers; simple: "
                f"{size.turns} turns for {LOOPED} models, same intervals, reckoned up to all",
            ),
            Row(
                "evaluation",
                f"peak memory: {what}",
                "MB",
                peak,
                limit=f"{MEGABYTES:,} MB, what the rule asks for",
                held=peak <= MEGABYTES,
            ),
        ]
    return rows


def made_up(
    size: Size, folder: Path, settings: dict[str, object]
) -> tuple[list[Run], SimpleNamespace]:
    """Write predictions and training records, and return the job that evaluates them."""
    random = np.random.default_rng(0)
    number = np.arange(size.clips)
    speaker = number % size.speakers
    clips = np.array(
        [f"Actor_{of:05d}/{clip:06d}" for clip, of in zip(number, speaker, strict=True)]
    )
    truth = random.integers(0, len(LABELS), size.clips)
    runs = [
        (f"model{model}", fold, seed)
        for model in range(MODELS)
        for fold in range(FOLDS)
        for seed in range(size.seeds)
    ]
    for model, fold, seed in runs:
        tested = np.flatnonzero(speaker % FOLDS == fold)
        evidence = random.normal(size=(len(tested), len(LABELS)))
        evidence[np.arange(len(tested)), truth[tested]] += 0.5 + int(model[5:]) / MODELS
        p = np.exp(evidence) / np.exp(evidence).sum(axis=1, keepdims=True)
        rows = predictions.rows_of(
            clips[tested],
            [f"{one:05d}" for one in speaker[tested]],
            [LABELS[one] for one in truth[tested]],
            LABELS,
            p,
        )
        predictions.write(path_of(folder, "predictions", (model, fold, seed), "tsv"), rows, LABELS)
        record = {"family": "cnn1d", "features": "signal", "parameters": 10_000}
        record |= {"train_seconds": 20.0, "predict_ms_per_clip": 0.5}
        path = path_of(folder, "models", (model, fold, seed), "json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record), encoding="utf-8")
    clip_table = [
        {
            "clip": str(clip),
            "label": LABELS[label],
            # One attribute divides the speakers, the other each speaker's clips.
            "gender": "male" if of % 2 else "female",
            "intensity": "strong" if place % 3 else "normal",
        }
        for place, (clip, label, of) in enumerate(zip(clips, truth, speaker, strict=True))
    ]
    splits = [
        {"clip": row["clip"], "fold": fold, "role": "test" if of % FOLDS == fold else "train"}
        for fold in range(FOLDS)
        for row, of in zip(clip_table, speaker.tolist(), strict=True)
    ]
    write_tsv(folder / "splits.tsv", splits, ("clip", "fold", "role"))
    made = (*COLUMNS, *choices.COLUMNS)
    tables = {name: str(folder / "evaluation" / f"{name}.tsv") for name in made}
    tables |= {"conclusions": str(folder / "evaluation" / "conclusions.json")}
    network = {"family": "cnn1d", "augmentation": "none"}
    slices = {model: {**network, "variant_of": model} for model, _, _ in runs}
    inputs = {
        kind: [str(path_of(folder, place, run, suffix)) for run in runs]
        for kind, place, suffix in (
            ("predictions", "predictions", "tsv"),
            ("records", "models", "json"),
        )
    }
    inputs["splits"] = str(folder / "splits.tsv")
    return runs, SimpleNamespace(
        input=Namedlist(fromdict=inputs),
        output=Namedlist(fromdict=tables),
        params=SimpleNamespace(
            cfg={"evaluation": settings, "models": slices}, runs=runs, rows=clip_table
        ),
    )


def path_of(folder: Path, kind: str, run: Run, suffix: str) -> Path:
    """Return the path of one training's file, as the rules have it."""
    model, fold, seed = run
    return folder / kind / model / f"fold{fold}_seed{seed}.{suffix}"


def by_script(job: SimpleNamespace) -> tuple[float, float]:
    """Run the rule's script; return seconds on the clock and its process' peak memory (MB)."""
    script = PROJECT / "workflow" / "scripts" / "evaluate.py"
    told = subprocess.run(
        [sys.executable, "-c", JOB, script],
        input=pickle.dumps(job),
        capture_output=True,
        check=True,
    ).stdout.split()
    return float(told[0]), int(told[1]) / 1024


def straightforward(
    size: Size, folder: Path, runs: list[Run], settings: dict[str, object]
) -> float:
    """Return how many seconds the simple loop would take for all models and resamples."""
    models = [f"model{model}" for model in range(LOOPED)]
    outcomes = gather(
        {
            model: predictions.jobs(
                (fold, seed, path_of(folder, "predictions", (model, fold, seed), "tsv"))
                for name, fold, seed in runs
                if name == model
            )
            for model in models
        }
    )
    unit_of, _ = intervals.units(outcomes.speakers)
    entrants = [Trained(model, outcomes) for model in models]
    weights = next(intervals.draws(size.speakers, size.turns, seed=0)).astype(int)
    looped: list[list[float]] = []
    seconds = wall_seconds(lambda: looped.extend(by_loop(outcomes, models, unit_of, weights)))
    vectorized = intervals.resampled_uar(
        *unit_counts(outcomes, unit_of, entrants), resamples=size.turns, seed=0
    )
    ends = intervals.percentiles(vectorized, 0.95), intervals.percentiles(looped, 0.95)
    if not np.allclose(*ends, rtol=0, atol=1e-12):
        raise SystemExit("evaluation: the two ways' intervals differ; no time is told")
    return seconds * settings["resamples"] / size.turns * MODELS / LOOPED


def by_loop(
    outcomes: Outcomes, models: list[str], unit_of: NDArray[np.intp], weights: NDArray[np.int_]
) -> list[list[float]]:
    """Score each resample's clips with scikit-learn, model by model and seed by seed."""
    clips_of = [np.flatnonzero(unit_of == unit) for unit in range(weights.shape[1])]
    return [
        [
            float(
                np.mean(
                    [
                        balanced_accuracy_score(outcomes.truth[drawn], predicted[drawn])
                        for predicted in outcomes.predicted[model]
                    ]
                )
            )
            for model in models
        ]
        for drawn in (
            np.concatenate([clips_of[unit] for unit in np.repeat(np.arange(len(turn)), turn)])
            for turn in weights
        )
    ]
