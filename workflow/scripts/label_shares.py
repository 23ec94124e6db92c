"""Rule label_shares: classifiers from a GAN's weights and from random ones, by share of labels."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.evaluation.label_shares import COLUMNS, Job, compare
    from serflow.tables import read_tsv, write_tsv

    jobs: dict[str, list[Job]] = {}
    for (model, fold, seed), scores, answers in zip(
        snakemake.params.runs, snakemake.input.scores, snakemake.input.answers, strict=True
    ):
        jobs.setdefault(model, []).append((fold, seed, read_tsv(scores), read_tsv(answers)))
    settings = snakemake.params.cfg["evaluation"]
    rows = [row for model, of in jobs.items() for row in compare(model, of, settings)]
    write_tsv(snakemake.output[0], rows, COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
