"""Rule leakage: what more than one side of a split holds."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.splitting.leakage import COLUMNS, findings
    from serflow.tables import each_row, write_tsv

    found = findings(
        each_row(snakemake.input.splits),
        snakemake.params.rows,
        each_row(snakemake.input.recordings),
        snakemake.params.cfg["protocol.allow_speaker_overlap"],
    )
    write_tsv(snakemake.output[0], found, COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
