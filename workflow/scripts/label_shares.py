"""Rule label_shares: classifiers from a GAN's weights and from random ones, by share of labels."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.evaluation.baselines import training_labels
    from serflow.evaluation.label_shares import COLUMNS, Job, compare, guessed
    from serflow.tables import each_row, read_tsv, write_tsv

    jobs: dict[str, list[Job]] = {}
    for (model, fold, seed), scores, answers in zip(
        snakemake.params.runs, snakemake.input.scores, snakemake.input.answers, strict=True
    ):
        jobs.setdefault(model, []).append((fold, seed, read_tsv(scores), read_tsv(answers)))
    settings = snakemake.params.cfg["evaluation"]
    rows = [row for model, of in jobs.items() for row in compare(model, of, settings)]
    # All models are tested on the same clips, and so are the baselines, once.
    first, of_first = next(iter(jobs.items()))
    labels = {row["clip"]: row["label"] for row in snakemake.params.rows}
    training = training_labels(labels, each_row(snakemake.input.splits))
    rows += guessed(first, of_first, settings, training)
    write_tsv(snakemake.output[0], rows, COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
