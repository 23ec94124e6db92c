"""Rule figure_critical_difference: mean ranks of all models, and groups."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.critical_difference import plot
    from serflow.figures.style import save
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    figure = plot(
        read_tsv(snakemake.input.ranks),
        read_tsv(snakemake.input.comparisons),
        confidence=cfg["evaluation.confidence"],
        colours=cfg["colours"],
    )
    save(figure, snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
