"""How the workflow's own cost grows with the corpus: dry runs on 1,000, 10,000 and 100,000 clips.

A dry run looks at names, times and Snakemake's records, never into results. So all that a report is
made of is put there as empty files, `snakemake --touch` records it as Snakemake does after a run,
and every dry run that follows is a real one: of all jobs, on WAVs of a few samples each.
"""

from __future__ import annotations

import re
import statistics
import struct
from pathlib import Path
from typing import Any

import yaml
from common import PROJECT, Options, Row
from project import Measured, copy, snakemake

# Clips, and the shards that a user would set for them: one for about 1000, but never fewer than 16.
SIZES = {1_000: 16, 10_000: 16, 100_000: 100}
LARGEST = max(SIZES)
ROUNDS = 3
LABELS = ("Angry", "Calm", "Happy", "Sad")
SPEAKERS = 200
PER_SHARD = (
    *("recordings", "spectrograms", "band_features", "cepstra"),
    *("image_shard", "pixels", "signals"),
)
# Snakemake waits a tenth of a second for each job it touches, for file systems with coarse times.
TOUCH = """
from snakemake.cli import main
from snakemake.executors import touch
touch.Executor.SLEEPING_TIME = 0
main()
"""
# The usual way: every clip is a job's input, and has a job of its own. One stage is enough to see.
A_JOB_A_CLIP = """
from pathlib import Path
CLIPS = [str(path.relative_to("wavs").with_suffix("")) for path in Path("wavs").rglob("*.wav")]
rule all:
    input: "features.tsv"
rule gather:
    input: expand("features/{clip}.npz", clip=CLIPS)
    output: "features.tsv"
    shell: "touch {output}"
rule features:
    input: "wavs/{clip}.wav"
    output: "features/{clip}.npz"
    shell: "touch {output}"
"""
ONE_RULE = 'rule all:\n    output: "there"\n    shell: "touch {output}"\n'


def measure(options: Options) -> list[Row]:
    """Measure dry runs of a finished report, then with a clip edited and with a clip more."""
    alone = options.folder / "alone"
    alone.mkdir()
    (alone / "Snakefile").write_text(ONE_RULE, encoding="utf-8")
    (alone / "there").touch()
    floor = repeated(alone)
    rows = []
    for clips, shards in SIZES.items():
        project = copy(options.folder / str(clips))
        for label in LABELS:
            (project / "wavs" / label).mkdir(parents=True)
        for number in range(clips):
            write(project / "wavs", number, wav(number))
        configure(project, shards)
        rows += grown(project, clips, shards, floor.seconds)
    return rows


def grown(project: Path, clips: int, shards: int, floor: float) -> list[Row]:
    """Measure one size of the corpus."""
    reading = repeated(project, "--list-rules")
    everything = dry_run(project, "report")
    usual = a_job_a_clip(project) if clips < LARGEST else None
    finish(project, "report")
    nothing = repeated(project, "report")
    size = f"{shards} shards, {sum(jobs(everything.output).values())} jobs in the graph"
    rows = [
        Row(
            "scale",
            f"reading the rules and the clip table, {clips} clips",
            "s, wall",
            reading.seconds,
            floor=floor,
            note="as every job on a cluster does, too; floor: Snakemake with one rule",
        ),
        Row(
            "scale",
            f"snakemake -n report, everything to do, {clips} clips",
            "s, wall",
            everything.seconds,
            straightforward=usual,
            floor=floor,
            note=f"{size}; simple: one stage alone, a job a clip"
            + ("" if usual else ", not waited for"),
        ),
        Row(
            "scale",
            f"snakemake -n report, nothing to do, {clips} clips",
            "s, wall",
            nothing.seconds,
            floor=floor,
            **limit(nothing.seconds, 10, "s", clips),
            note=f"{size}; median of {ROUNDS}",
        ),
        Row(
            "scale",
            f"peak memory of Snakemake, nothing to do, {clips} clips",
            "MB",
            nothing.peak_mb,
            **limit(nothing.peak_mb, 1000, "MB", clips),
        ),
    ]
    return [*rows, *changed(project, clips, shards)] if clips == LARGEST else rows


def limit(measured: float, most: int, unit: str, clips: int) -> dict[str, Any]:
    """Return a row's limit and whether it holds; only the largest corpus has one."""
    return {"limit": f"{most} {unit}", "held": measured <= most} if clips == LARGEST else {}


def changed(project: Path, clips: int, shards: int) -> list[Row]:
    """Count what one clip makes stale: one shard, by each of the rules that work by shards."""
    rows = []
    for change, number in (("added", clips), ("edited", 0)):
        written = write(project / "wavs", number, wav(clips))
        found = jobs(dry_run(project, "report").output)
        each = [found.get(rule, 0) for rule in PER_SHARD]
        told = ", ".join(f"{rule} {count}" for rule, count in zip(PER_SHARD, each, strict=True))
        rows.append(
            Row(
                "scale",
                f"shards extracted again after one clip was {change}, {clips} clips",
                "shards",
                max(each),
                limit="1",
                held=set(each) == {1},
                note=f"of {shards}; {told}; {sum(found.values())} jobs with what follows",
            )
        )
        written.unlink()
    return rows


def write(folder: Path, number: int, content: bytes) -> Path:
    """Write a clip: ``Angry/s000_0.wav`` and so on."""
    take, label = divmod(number, len(LABELS))
    path = folder / LABELS[label] / f"s{take % SPEAKERS:03d}_{take // SPEAKERS}.wav"
    path.write_bytes(content)
    return path


def wav(number: int, rate: int = 8000) -> bytes:
    """Return a mono WAV of 16 bits whose eight samples tell its number."""
    samples = struct.pack("<8h", *((number >> 4 * place & 15) * 100 for place in range(8)))
    form = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    chunks = b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def configure(project: Path, shards: int) -> None:
    """Give the copy a configuration: the models and the protocol of config/folder.yaml."""
    text = (PROJECT / "config" / "folder.yaml").read_text(encoding="utf-8")
    configuration = {
        **yaml.safe_load(text),
        "corpus": {
            "name": "bench",
            "adapter": "folder",
            "path": "wavs",
            "speaker": "(s[0-9]+)_",
        },
        "shards": shards,
    }
    path = project / "config" / "config.yaml"
    path.write_text(yaml.safe_dump(configuration), encoding="utf-8")


def finish(project: Path, target: str) -> None:
    """Leave every output there as an empty file or folder, recorded as after a run."""
    table = snakemake(project, target, "--summary").output.splitlines()
    outputs = [line.split("\t")[0] for line in table if line.count("\t") > 2][1:]
    # The table leaves out benchmark files, which the table of costs is made of.
    reasons = snakemake(project, target, "-n").output
    outputs += ", ".join(re.findall(r"Missing output files: (.+)", reasons)).split(", ")
    for path in map(project.joinpath, outputs):
        (path.parent if path.suffix else path).mkdir(parents=True, exist_ok=True)
        if path.suffix:
            path.write_text("\n", encoding="utf-8")
    # Of a job without inputs, --touch alone would leave what is there unrecorded.
    snakemake(project, target, "--touch", "--forceall", program=("-c", TOUCH))


def a_job_a_clip(project: Path) -> float:
    """Seconds of a dry run with everything to do of a workflow of one stage, with a job a clip."""
    folder = project / "usual"
    folder.mkdir()
    (folder / "Snakefile").write_text(A_JOB_A_CLIP, encoding="utf-8")
    (folder / "wavs").symlink_to(project / "wavs")
    return dry_run(folder, "all", "--scheduler", "greedy").seconds


def repeated(project: Path, *arguments: str) -> Measured:
    """Run one dry run several times and return the medians; there must be nothing to do."""
    runs = [dry_run(project, *arguments) for _ in range(ROUNDS)]
    if "--list-rules" not in arguments and any(jobs(one.output) for one in runs):
        raise SystemExit(f"what is finished is not up to date:\n{runs[0].output[-3000:]}")
    return Measured(
        runs[0].output,
        statistics.median(one.seconds for one in runs),
        statistics.median(one.peak_mb for one in runs),
    )


def dry_run(project: Path, *arguments: str) -> Measured:
    """Run `snakemake -n`, or another call that runs nothing."""
    return snakemake(project, *arguments, "-n", "--quiet", "rules")


def jobs(output: str) -> dict[str, int]:
    """Read Snakemake's table of jobs; {} where it says that there is nothing to be done."""
    table = re.search(r"^Job stats:\n.*\n[- ]+\n((?:\S+ +\d+\n)+)", output, re.MULTILINE)
    if table is None:
        if "Nothing to be done" not in output:
            raise SystemExit(f"neither a table of jobs nor nothing to do:\n{output[-3000:]}")
        return {}
    counts = dict(line.split() for line in table[1].splitlines())
    return {rule: int(count) for rule, count in counts.items() if rule != "total"}
