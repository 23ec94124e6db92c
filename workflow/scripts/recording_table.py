"""Rule recording_table: what each recording of the corpus is."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.checking import COLUMNS, unusable
    from serflow.tables import read_tsv, write_tsv

    rows = [row for shard in snakemake.input for row in read_tsv(shard)]
    rows.sort(key=lambda row: row["clip"])
    write_tsv(snakemake.output.all, rows, list(rows[0]))
    write_tsv(snakemake.output.excluded, unusable(rows), COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
