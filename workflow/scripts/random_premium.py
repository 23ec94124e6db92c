"""Rule random_premium: what chosen models would have claimed under random folds."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.evaluation import predictions
    from serflow.evaluation.random_premium import COLUMNS, compare, guessed
    from serflow.tables import write_tsv

    files: dict[str, tuple[list[predictions.File], list[predictions.File]]] = {}
    for (model, fold, seed), independent, random in zip(
        snakemake.params.runs, snakemake.input.independent, snakemake.input.random, strict=True
    ):
        of_model = files.setdefault(model, ([], []))
        of_model[0].append((fold, seed, independent))
        of_model[1].append((fold, seed, random))
    settings = snakemake.params.cfg["evaluation"]
    rows = [
        compare(model, predictions.jobs(independent), predictions.jobs(random), settings)
        for model, (independent, random) in files.items()
    ]
    # All models have the same folds and clips, and so have the baselines, once.
    first, (independent, random) = next(iter(files.items()))
    rows += guessed(first, predictions.jobs(independent), predictions.jobs(random), settings)
    write_tsv(snakemake.output[0], rows, COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
