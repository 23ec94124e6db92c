"""Rule figure_confusion: one model's confusion matrix."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.confusion import plot
    from serflow.figures.style import save
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    model = snakemake.wildcards.model
    rows = [row for row in read_tsv(snakemake.input[0]) if row["model"] == model]
    save(plot(rows, seeds=cfg["seeds"], title=model, colour=cfg["colour"]), snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
