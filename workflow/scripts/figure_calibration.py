"""Rule figure_calibration: reliability diagrams of all models."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.calibration import plot
    from serflow.figures.style import save
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    errors = {
        row["model"]: row["ece"] for row in read_tsv(snakemake.input.models) if row["ece"] != ""
    }
    figure = plot(read_tsv(snakemake.input.calibration), errors, colours=cfg["colours"])
    save(figure, snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
