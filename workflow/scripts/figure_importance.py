"""Rule figure_importance: what the SVMs lose without each sub-band or coefficient."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.importance import plot
    from serflow.figures.style import save
    from serflow.tables import read_tsv

    figure = plot(read_tsv(snakemake.input[0]), colours=snakemake.params.cfg["colours"])
    save(figure, snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
