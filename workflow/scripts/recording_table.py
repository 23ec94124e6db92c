"""Rule recording_table: what each recording of the corpus is."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.tables import read_tsv, write_tsv

    rows = [row for shard in snakemake.input for row in read_tsv(shard)]
    rows.sort(key=lambda row: row["clip"])
    write_tsv(snakemake.output[0], rows, list(rows[0]))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
