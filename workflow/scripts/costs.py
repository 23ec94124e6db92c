"""Rule costs: seconds and memory of every job, from Snakemake's benchmark files."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.tables import read_tsv, write_tsv

    rows = []
    for stage, file in zip(snakemake.params.stages, snakemake.input, strict=True):
        [row] = read_tsv(file)
        # A job too short to be sampled has no memory: Snakemake writes a dash or NA.
        memory = row["max_rss"] if row["max_rss"].replace(".", "").isdigit() else ""
        rows.append({"rule": stage, "seconds": float(row["s"]), "max_rss": memory})
    write_tsv(snakemake.output[0], rows, ["rule", "seconds", "max_rss"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
