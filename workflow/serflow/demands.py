"""What a job will need of a machine: seconds, megabytes, and with how many others it goes.

Orders of magnitude, measured on one core: the workflow's `benchmark:` files, and `docs/scale.md`.
Cluster jobs ask for a generous multiple, and for twice as much with each attempt, so an estimate
that is wrong by some factor costs a second attempt and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

START = 1.5
"""Seconds of a job's start: Python, and what the larger packages take to import."""

EXTRACTION = 0.01
"""Seconds a clip of any job of a shard."""

OWN_EXTRACTION = 0.2
"""Seconds a clip of a user's own feature, of which nothing is known."""

TABLE = 2e-4
"""Seconds a clip of what gathers all clips."""

LOCAL = 5
"""Seconds that gathering may take without a cluster job of its own."""

PREDICTION = 2e-5
"""Seconds of the evaluation for one clip's prediction of one model and seed."""

PREDICTION_MB = 0.001
"""Megabytes of the same, as a row of Python."""

ASKING = 2e-6
"""Seconds of what models read, for each byte of a recording: 0.03 for one of 16 kB, compressed."""

ANSWERING = 1e-7
"""Seconds of one model's answers for the same."""

EPOCH = {
    "mlp_wave": 0.002,
    "cnn1d": 0.0015,
    "very_deep": 0.01,
    "ser1d": 0.012,
    "conflictnet": 0.01,
    "cnn2d": 0.0007,
    "gan_cnn2d": 0.0007,
    "cnn_stft": 0.012,
    "cnn_mel": 0.0025,
    "crnn": 0.002,
    "lstm": 0.0005,
    "gru": 0.001,
    "custom": 0.01,
}
"""Seconds a clip and epoch of each family's default. One that is not here counts as one's own."""

GAN_EPOCH = 0.0035
"""Seconds a clip and epoch of a GAN itself."""

NETWORK_MB = {
    "mlp_wave": 1500,
    "cnn1d": 1000,
    "very_deep": 2500,
    "ser1d": 4500,
    "conflictnet": 4000,
    "cnn2d": 1000,
    "gan_cnn2d": 1000,
    "cnn_stft": 3000,
    "cnn_mel": 1500,
    "crnn": 1500,
    "lstm": 1000,
    "gru": 1000,
    "custom": 4000,
}
"""Megabytes of a training: torch and a batch's activations. Clips are read by memory map."""

CUDA_MB = 3000
"""Megabytes more where torch has a GPU: its libraries. From other reports; not measured here."""

SVM = 0.5
"""Seconds of fitting an SVM once to 1000 clips; the time grows with their square."""

SNAKEMAKE_MB = 400
"""Megabytes of the two Snakemake processes in every cluster job, for rules and graph."""

SNAKEMAKE_CLIP_MB = 0.002
"""Megabytes that both of them need for each row of the clip table."""

TOGETHER = {16: 5.0, 4: 20.0}
"""Components in a cluster job, and the seconds of each below which there are so many."""


def extraction_seconds(clips: int, own: bool = False) -> float:
    """Return the seconds of a shard's job; `own`: of a user's own feature."""
    return START + clips * (OWN_EXTRACTION if own else EXTRACTION)


def table_seconds(rows: int) -> float:
    """Return the seconds of a job that goes once through `rows` rows."""
    return START + rows * TABLE


def training_seconds(settings: Mapping[str, Any], clips: int) -> float:
    """Return the seconds of a training on one core.

    Parameters
    ----------
    settings
        The model's slice of the configuration.
    clips
        Number of clips of the corpus.
    """
    if settings["family"] == "svm":
        alternatives = math.prod(
            len(value) if isinstance(value, list) else 1
            for value in (settings["features"], settings["C"], settings["kernel"])
        )
        # An inner fold leaves one part of the clips out; one alternative is fitted to all of them.
        folds: int = settings["inner_folds"]
        fits = 1 + alternatives * folds * (1 - 1 / folds) ** 2
        return START + SVM * fits * (clips / 1000) ** 2
    # A changed copy stands in for its clip, so copies make no epoch longer.
    passes: int = settings["epochs"] * settings["members"] * (2 if settings["refit"] else 1)
    # At every share as many steps as all labels take in `epochs`, from both starts.
    passes += settings["epochs"] * 2 * len(settings.get("label_shares", ()))
    gan: int = settings.get("gan_epochs", 0)
    epoch = EPOCH.get(settings["family"], EPOCH["custom"])
    return START + clips * (passes * epoch + gan * GAN_EPOCH)


def evaluation_seconds(predictions: int) -> float:
    """Return the seconds of what makes tables or figures of so many predictions."""
    return START + predictions * PREDICTION


def asking_seconds(size: int, models: int) -> float:
    """Return the seconds in which `models` models answer for recordings of `size` bytes in all."""
    return START + size * (ASKING + models * ANSWERING)


def network_mb(settings: Mapping[str, Any], gpu: bool = False) -> int:
    """Return the megabytes of a network's training, in main memory also where it is on a GPU."""
    return NETWORK_MB.get(settings["family"], NETWORK_MB["custom"]) + (CUDA_MB if gpu else 0)


def memory_mb(own: float, clips: int, attempt: int) -> int:
    """Return the megabytes that a cluster job asks for.

    Parameters
    ----------
    own
        What the rule's script needs, MB.
    clips
        Number of clips of the corpus, whose table the job's Snakemake processes hold.
    attempt
        1 for the first; each further one asks for twice as much.
    """
    return math.ceil(own + SNAKEMAKE_MB + SNAKEMAKE_CLIP_MB * clips) << (attempt - 1)


def runtime_minutes(seconds: float, attempt: int) -> int:
    """Return the minutes that a cluster job asks for, twice as many with each attempt.

    Some to start, and ten times the estimate; of more than half an hour no more than twice and five
    hours, because partitions end somewhere, and a training goes on where its time was up.
    """
    expected = seconds / 60
    return math.ceil(3 + min(10 * expected, 300 + 2 * expected)) << (attempt - 1)


def group(stage: str, seconds: float) -> str | None:
    """Return the group that short jobs of a stage go in; None for those worth a cluster job.

    The name tells how many components are put together, which the profile repeats.
    """
    for components, below in TOGETHER.items():
        if seconds < below:
            return f"{stage}_{components}"
    return None
