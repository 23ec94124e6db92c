"""The workflow's own cost on a corpus of RAVDESS' size: extraction as a run, and dry runs."""

from __future__ import annotations

import csv
import os
import shutil
import statistics
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import yaml
from common import PROJECT, Options, Row, in_turn
from extraction import our_jobs, spread
from project import copy, snakemake

CLIPS = 576
SHARDS = 8
LABELS = ("Angry", "Calm", "Happy", "Sad")
SPEAKERS = 18
MAIN = 'if __name__ == "__main__":'
# Leaves every output there and does nothing else; what has no suffix is a folder.
STAND_IN = """
from pathlib import Path
for name in snakemake.output:
    path = Path(name)
    (path.parent if path.suffix else path).mkdir(parents=True, exist_ok=True)
    if path.suffix:
        path.write_text("x")
"""


def measure(options: Options) -> list[Row]:
    """Measure an extraction from nothing, its jobs' memory, and a dry run with nothing to do."""
    corpus = link(options.clips, options.folder / "wavs")
    return [*extraction(options, corpus), dry_run(options.folder / "dry", corpus)]


def extraction(options: Options, corpus: Path) -> list[Row]:
    """From nothing to features and images, against the time that the kernels alone would take."""
    paths = spread(sorted(options.clips.rglob("*.wav")), 12)
    kernel = in_turn({"ours": partial(our_jobs, paths, options.folder / "kernel")}, 3)["ours"]
    ideal = kernel / 1000 / len(paths) * CLIPS / 2
    project = copy(options.folder / "extraction")
    configure(project, corpus)
    run = snakemake(project, "features", "images")
    peak = {SHARDS: largest_job(project)}
    # The same clips as one shard: what a job holds must not grow with them.
    configure(project, corpus, shards=1, name="one")
    snakemake(project, "features", "images")
    peak[1] = largest_job(project, "one")
    return [
        Row(
            "overhead",
            f"{CLIPS} WAVs → features and images, from nothing, two cores",
            "s, wall",
            run.seconds,
            floor=ideal,
            limit="1.5 × floor + 10 s",
            held=run.seconds <= 1.5 * ideal + 10,
            note=f"{SHARDS} shards; floor: the kernels' core time over two cores",
        ),
        Row(
            "overhead",
            "peak memory of the largest shard job",
            "MB",
            max(peak.values()),
            limit="1000 MB",
            held=max(peak.values()) < 1000,
            note=", ".join(f"{CLIPS // n} clips a shard: {mb:.0f} MB" for n, mb in peak.items()),
        ),
    ]


def dry_run(folder: Path, corpus: Path) -> Row:
    """`snakemake -n report` with nothing to do, with all models of config/ravdess.yaml.

    Training them takes an hour, and a dry run does not look into files: the scripts are replaced by
    one that only leaves their outputs there. They keep their imports, of which Snakemake's params
    hold fingerprints.
    """
    project = copy(folder)
    configure(project, corpus)
    for script in (project / "workflow" / "scripts").glob("*.py"):
        work, _, _ = script.read_text(encoding="utf-8").partition(MAIN)
        script.write_text(work + STAND_IN, encoding="utf-8")
    jobs = snakemake(project, "report").output.rpartition(" of ")[2].split()[0]
    runs = [snakemake(project, "-n", "report") for _ in range(3)]
    if not all("Nothing to be done" in run.output for run in runs):
        raise SystemExit(f"a finished report is not up to date:\n{runs[0].output}")
    seconds = statistics.median(run.seconds for run in runs)
    return Row(
        "overhead",
        "snakemake -n report, nothing to do",
        "s, wall",
        seconds,
        limit="3 s",
        held=seconds <= 3,
        note=f"{CLIPS} clips, {jobs} jobs in the graph, median of {len(runs)}",
    )


def link(clips: Path, folder: Path) -> Path:
    """Make a corpus of `CLIPS` clips in label folders from the recordings at hand."""
    recordings = sorted(clips.rglob("*.wav"))
    for i, path in enumerate(islice(cycle(recordings), CLIPS)):
        name = f"s{i // len(LABELS) % SPEAKERS:02d}_{i:03d}.wav"
        target = folder / LABELS[i % len(LABELS)] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # A recording that is in a corpus twice is refused, be it by a link.
        if i >= len(recordings):
            shutil.copy(path, target)
            continue
        try:
            os.link(path, target)
        except OSError:
            shutil.copy(path, target)
    return folder


def configure(project: Path, corpus: Path, shards: int = SHARDS, name: str = "bench") -> None:
    """Give the copy a configuration with the models of config/ravdess.yaml."""
    text = (PROJECT / "config" / "ravdess.yaml").read_text(encoding="utf-8")
    configuration = {
        **yaml.safe_load(text),
        "corpus": {
            "name": name,
            "adapter": "folder",
            "path": str(corpus),
            "speaker": "(s[0-9]+)_",
        },
        "shards": shards,
        "protocol": {"type": "group-k-fold", "folds": 6, "validation": 0.2},
    }
    path = project / "config" / "config.yaml"
    path.write_text(yaml.safe_dump(configuration), encoding="utf-8")


def largest_job(project: Path, name: str = "bench") -> float:
    """Largest resident memory, in MB, of the jobs that extract a shard."""
    folder = project / "results" / name / "benchmarks"
    peaks = []
    for stage in ("spectrograms", "band_features", "cepstra", "images"):
        for path in (folder / stage).rglob("*.tsv"):
            with path.open(encoding="utf-8", newline="") as file:
                [row] = csv.DictReader(file, delimiter="\t")
            # Snakemake looks twice a minute; a job that is over before has no figure.
            peaks += [float(row["max_rss"])] if row["max_rss"] not in ("NA", "-") else []
    return max(peaks)
