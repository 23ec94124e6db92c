"""Rule recording_check: which recordings are left out, or why the run stops here."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.checking import COLUMNS, excluded
    from serflow.process import log
    from serflow.tables import write_tsv

    rows = snakemake.params.rows
    left_out = excluded(rows, snakemake.input[0], snakemake.params.on_error)
    for row in left_out:
        log.warning("left out: %s (%s)", row["clip"], row["reason"])
    write_tsv(snakemake.output[0], left_out, COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
