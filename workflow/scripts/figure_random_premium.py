"""Rule figure_random_premium: UAR on new voices and under random folds."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.random_premium import plot
    from serflow.figures.style import save
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    figure = plot(read_tsv(snakemake.input[0]), chance=1 / cfg["labels"], colours=cfg["colours"])
    save(figure, snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
