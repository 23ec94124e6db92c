"""Temporary copies of the project, and the real Snakemake command line run in them."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import warm
import yaml

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("Snakefile", "rules", "workflow", "config", "profiles")
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
RATE = 8000
LABELS = ("Angry", "Calm", "Happy")
SPEAKERS = 6
TAKES = 2

# Everything small, and every family of model there: the whole report in well under a minute.
CONFIGURATION: dict[str, Any] = {
    "corpus": {
        "name": "tiny",
        "adapter": "folder",
        "path": "wavs",
        "speaker": "(s[0-9]+)_",
    },
    "shards": 3,
    "spectrogram": {"n_fft": 512, "hop_seconds": 0.015, "n_mels": 64, "frames": 30, "keep": True},
    "features": {
        "types": ["sc", "sbe", "mfcc12"],
        "bands": [[0, 15], [16, 31], [32, 63]],
        "frequency": "band",
    },
    "images": {"log_offset": 1.0e-9},
    "models": {
        "svm_sc": {"family": "svm", "features": "sc", "C": 10, "kernel": "rbf"},
        "svm_sbe": {"family": "svm", "features": "sbe", "C": 5, "kernel": "rbf"},
        "svm_mfcc12": {"family": "svm", "features": "mfcc12", "C": 10, "kernel": "rbf"},
        "cnn1d": {"family": "cnn1d", "rate": 4000, "epochs": 2, "channels": [4, 8]},
        "cnn2d": {
            "family": "cnn2d",
            "size": [20, 12],
            "epochs": 2,
            "channels": [4, 8],
            "augmentations": ["none", "time_shift"],
        },
    },
    "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.3, "seed": 0},
    "seeds": [0],
    "device": "cpu",
    "evaluation": {"confidence": 0.95, "resamples": 200, "seed": 0},
    "report": {"title": "A tiny comparison", "author": "A. Tester", "audio": "always"},
}

# Without single clips and explanations, which cost four jobs and more, where a test is not of them.
BRIEF: dict[str, Any] = {**CONFIGURATION["report"], "clips": False, "explanations": False}

# One model on one feature type, for tests of what comes before the models.
SMALL: dict[str, Any] = {
    **CONFIGURATION,
    "report": BRIEF,
    "shards": 2,
    "features": {**CONFIGURATION["features"], "types": ["sc"]},
    "models": {"svm_sc": {"family": "svm", "features": "sc", "C": 10, "kernel": "rbf"}},
}
RESULTS = f"results/{CONFIGURATION['corpus']['name']}"


@dataclass(frozen=True)
class Run:
    """What one call of Snakemake left behind: exit code and everything it printed."""

    code: int
    output: str

    @property
    def jobs(self) -> dict[str, int]:
        """Number of jobs a rule, of the first job table that was printed."""
        return job_table(self.output)


def job_table(output: str) -> dict[str, int]:
    """Parse Snakemake's job table; {} where it says that there is nothing to be done."""
    table = re.search(r"^Job stats:\n.*\n[- ]+\n((?:\S+ +\d+\n)+)", output, re.MULTILINE)
    if table is None:
        if "Nothing to be done" not in output:
            raise AssertionError(f"neither a job table nor 'Nothing to be done':\n{output}")
        return {}
    counts = dict(line.split() for line in table.group(1).splitlines())
    return {rule: int(count) for rule, count in counts.items() if rule != "total"}


class Project:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def make(cls, folder: Path, configuration: Mapping[str, Any] | None = None) -> Project:
        """Copy the project's tracked parts to `folder`; with `configuration` as its default."""
        folder.mkdir(parents=True)
        for part in PARTS:
            source = ROOT / part
            if source.is_file():
                shutil.copy2(source, folder / part)
            else:
                ignore = shutil.ignore_patterns("__pycache__", ".*")
                shutil.copytree(source, folder / part, ignore=ignore)
        project = cls(folder)
        if configuration is not None:
            project.configure(configuration)
        return project

    def copy(self, folder: Path) -> Project:
        """Copy everything, results and times of change included, so that nothing becomes stale."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)

    def configure(self, configuration: Mapping[str, Any]) -> None:
        text = yaml.safe_dump(dict(configuration), sort_keys=False)
        (self.folder / "config" / "config.yaml").write_text(text, encoding="utf-8")

    def snakemake(
        self,
        *arguments: str,
        cores: int = 1,
        timeout: float = 900,
        called_in: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Run:
        """Run Snakemake in the project's folder, or in another one; with more variables set.

        Where these make no difference to it, it is forked from a process that has imported it.
        """
        folder = called_in or self.folder
        command = [*snakemake_with(cores, arguments), *arguments]
        every = {**environment(), **(variables or {})}
        if warm.serves(variables or {}):
            return Run(*warm.snakemake(command, folder, every, timeout))
        done = subprocess.run(
            [*SNAKEMAKE, *command],
            cwd=folder,
            env=every,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def start(
        self, *arguments: str, cores: int = 1, variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start Snakemake in the project's folder, as the first of a group of processes."""
        return subprocess.Popen(
            [*SNAKEMAKE, *snakemake_with(cores, arguments), *arguments],
            cwd=self.folder,
            env={**environment(), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            # Who runs the tests in the background has them ignore it, and so all that they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def build(self, *arguments: str, cores: int = 1) -> Run:
        """Run Snakemake and insist that it succeeds."""
        run = self.snakemake(*arguments, cores=cores)
        assert run.code == 0, run.output
        return run

    def planned(self, *arguments: str, target: str = "report") -> dict[str, int]:
        """Return what `snakemake -n` would run: jobs a rule, without the target itself."""
        run = self.snakemake(target, "-n", "--quiet", "rules", *arguments)
        assert run.code == 0, run.output
        return {rule: count for rule, count in run.jobs.items() if rule != target}

    def path(self, *parts: str) -> Path:
        return self.folder.joinpath(*parts)

    @property
    def results(self) -> Path:
        """The results' folder of the tiny corpus."""
        return self.folder / RESULTS


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Kill what `Project.start` has started, and all that it has started itself, at once."""
    while members := _session(process.pid):
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        # A child of this very process is gone only when it has been asked for.
        process.poll()
    process.wait()


def _session(leader: int) -> list[int]:
    """Return the processes of a session that can still do something."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Behind the name, which may hold anything: state, parent, group, session.
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == leader and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def snakemake_with(cores: int, arguments: Sequence[str]) -> list[str]:
    """Return Snakemake's option of a number of cores, which a profile may say itself."""
    return [] if "--profile" in arguments else ["--cores", str(cores)]


def environment() -> dict[str, str]:
    """Return the variables that Snakemake is run with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SNAKEMAKE_")}
    kept.update(OMP_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
    # The library under test is the copy's own, whatever the caller has put on its path.
    kept.pop("PYTHONPATH", None)
    return kept


def rows(path: Path) -> list[dict[str, str]]:
    """Read a TSV table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def synthesize(folder: Path, seed: int = 0) -> None:
    """Write the tiny corpus, `<Label>/s01_1.wav`: tones and noise that differ by label."""
    for label in LABELS:
        for speaker in range(1, SPEAKERS + 1):
            for take in range(1, TAKES + 1):
                name = f"{label}/s{speaker:02d}_{take}.wav"
                write_wav(folder / name, voice(label, speaker, take, seed))


def voice(label: str, speaker: int, take: int, seed: int = 0) -> np.ndarray:
    """Return 0.6 s of a tone in noise, int16; label and speaker set pitch and level."""
    number = LABELS.index(label) if label in LABELS else 0
    generator = np.random.Generator(np.random.PCG64([seed, number, speaker, take]))
    time = np.arange(int(0.6 * RATE)) / RATE
    # Wide enough that the labels overlap: where every score is 1, no test sees a wrong one.
    pitch = (600.0, 350.0, 450.0)[number] * 2 ** generator.normal(0.05 * speaker, 0.35)
    tone = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in (1, 2, 3))
    noise = generator.standard_normal(time.size) * (0.5, 0.1, 0.25)[number]
    return np.round((tone + noise) * (4000, 1500, 2500)[number]).astype(np.int16)


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> None:
    """Write int16 mono samples."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
