"""Rule figure_estimates: one model's estimates against the true numbers."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.evaluation import estimates
    from serflow.evaluation.regression_table import gather
    from serflow.figures.estimates import plot
    from serflow.figures.style import save

    cfg = snakemake.params.cfg
    files = [
        (fold, seed, path)
        for (_, fold, seed), path in zip(snakemake.params.runs, snakemake.input, strict=True)
    ]
    found = gather(snakemake.wildcards.model, estimates.jobs(files))
    mean = found.estimates.mean(axis=0)
    save(
        plot(found.truth, mean, target=cfg["target"], colour=cfg["colour"]),
        snakemake.output[0],
    )


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
