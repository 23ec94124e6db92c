"""Rule evaluate: all tables, and the conclusions in sentences."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.evaluation import choices, predictions
    from serflow.evaluation.conclusions import conclude
    from serflow.evaluation.tables import COLUMNS, evaluate
    from serflow.files import read_json, write_json
    from serflow.tables import each_row, read_tsv, write_tsv

    cfg = snakemake.params.cfg
    files: dict[str, list[predictions.File]] = {}
    records: dict[str, list[dict[str, object]]] = {}
    trained: list[choices.Run] = []
    runs = zip(
        snakemake.params.runs, snakemake.input.predictions, snakemake.input.records, strict=True
    )
    for (model, fold, seed), predicted, record in runs:
        files.setdefault(model, []).append((fold, seed, predicted))
        records.setdefault(model, []).append(read_json(record))
        trained.append((model, fold, seed, records[model][-1]))
    jobs = {model: predictions.jobs(of_model) for model, of_model in files.items()}
    tables = evaluate(
        jobs,
        records,
        cfg["evaluation"],
        clips=snakemake.params.rows,
        splits=each_row(snakemake.input.splits),
    )
    chosen = choices.collect(trained, cfg["models"])
    for name, columns in choices.COLUMNS.items():
        write_tsv(snakemake.output[name], chosen[name], columns)
    for name, columns in COLUMNS.items():
        write_tsv(snakemake.output[name], tables[name], columns)
    # From the tables as they are stored: rounded once more, a sentence could contradict its table.
    stored = {name: read_tsv(snakemake.output[name]) for name in COLUMNS}
    concluded = conclude(stored, cfg["models"], cfg["evaluation"]["confidence"])
    write_json(snakemake.output.conclusions, concluded)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
