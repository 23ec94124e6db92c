"""Rule splits: the folds of the protocol."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.splitting.splits import assign
    from serflow.tables import write_tsv

    rows = assign(snakemake.params.rows, snakemake.params.cfg["protocol"])
    write_tsv(snakemake.output[0], rows, ["clip", "fold", "role"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
