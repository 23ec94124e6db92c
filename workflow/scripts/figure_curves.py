"""Rule figure_curves: one network's learning curves over all folds and seeds."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.curves import plot, regression_panels
    from serflow.figures.style import save
    from serflow.files import read_json
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    rows, chosen = [], {}
    runs = zip(snakemake.params.runs, snakemake.input.curves, snakemake.input.records, strict=True)
    for (_, fold, seed), curve, record in runs:
        run = (str(fold), str(seed))
        rows += [{**row, "fold": run[0], "seed": run[1]} for row in read_tsv(curve)]
        chosen[run] = read_json(record)["best_epoch"]
    marks = chosen if cfg["select"] == "best" else None
    if "loss" in cfg:
        panels = regression_panels(cfg["loss"])
        figure = plot(rows, panels=panels, chosen=marks, colour=cfg["colour"])
    else:
        figure = plot(rows, chosen=marks, chance=1 / cfg["labels"], colour=cfg["colour"])
    save(figure, snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
