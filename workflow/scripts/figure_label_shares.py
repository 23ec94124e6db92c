"""Rule figure_label_shares: UAR against the share of the labels, from both starts."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.label_shares import plot
    from serflow.figures.style import save
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    rows = [
        row for row in read_tsv(snakemake.input[0]) if row["model"] == snakemake.wildcards.model
    ]
    save(plot(rows, chance=1 / cfg["labels"], colour=cfg["colour"]), snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
