"""Rule recordings: what each recording of a shard is."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.sound.recordings import COLUMNS, inspect
    from serflow.tables import write_tsv

    write_tsv(snakemake.output[0], inspect(snakemake.params.rows), COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
