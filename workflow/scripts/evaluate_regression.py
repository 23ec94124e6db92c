"""Rule evaluate_regression: the tables of the models that estimate a number."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.evaluation import estimates
    from serflow.evaluation.regression_table import COLUMNS, FOLD_COLUMNS, costs, evaluate
    from serflow.files import read_json
    from serflow.tables import each_row, write_tsv

    cfg = snakemake.params.cfg
    files: dict[str, list[estimates.File]] = {}
    records: dict[str, list[dict[str, object]]] = {}
    runs = zip(
        snakemake.params.runs, snakemake.input.predictions, snakemake.input.records, strict=True
    )
    for (model, fold, seed), predicted, record in runs:
        files.setdefault(model, []).append((fold, seed, predicted))
        records.setdefault(model, []).append(read_json(record))
    rows, trainings = evaluate(
        {model: estimates.jobs(of_model) for model, of_model in files.items()},
        {
            model: {**of_model[0], **costs(of_model), "target": cfg["targets"][model]}
            for model, of_model in records.items()
        },
        cfg["evaluation"],
        clips=snakemake.params.rows,
        splits=each_row(snakemake.input.splits),
    )
    write_tsv(snakemake.output.models, rows, COLUMNS)
    write_tsv(snakemake.output.per_fold, trainings, FOLD_COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
