"""Rule costs: seconds and memory of each stage, from Snakemake's benchmark files."""

from typing import TYPE_CHECKING, Any

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def number(cell: str) -> float:
    """Read a cell of a benchmark file; a job too short to be sampled has none."""
    try:
        return float(cell)
    except ValueError:
        return 0.0


def main(snakemake: "Snakemake") -> None:
    from serflow.tables import read_tsv, write_tsv

    totals: dict[str, dict[str, Any]] = {}
    for stage, file in zip(snakemake.params.stages, snakemake.input, strict=True):
        [row] = read_tsv(file)
        total = totals.setdefault(stage, {"stage": stage, "jobs": 0, "seconds": 0.0, "cpu_seconds": 0.0, "max_rss": 0.0})
        total["jobs"] += 1
        total["seconds"] += number(row["s"])
        total["cpu_seconds"] += number(row["cpu_time"])
        total["max_rss"] = max(total["max_rss"], number(row["max_rss"]))
    write_tsv(snakemake.output[0], totals.values(), ["stage", "jobs", "seconds", "cpu_seconds", "max_rss"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
