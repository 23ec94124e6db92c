"""Rule train_svm: one support vector machine, one fold."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from dataclasses import replace

    import numpy as np

    from serflow import svm
    from serflow.evaluation.predictions import rows_of, write
    from serflow.files import write_json
    from serflow.model_list import feature_alternatives
    from serflow.process import log
    from serflow.sound import features
    from serflow.splitting.roles import roles_of

    settings = snakemake.params.cfg["model"]
    fold = int(snakemake.wildcards.fold)
    files = {
        path.rsplit("/", 1)[-1].removesuffix(".npz"): features.load(path)
        for path in snakemake.input.features
    }
    alternatives = {
        name: features.concatenate([files[kind] for kind in name.split("+")])
        for name in feature_alternatives(settings)
    }
    first = next(iter(alternatives.values()))
    roles = roles_of(snakemake.input.splits, fold, first.clip.tolist())
    # The machine chooses inside the training side by itself, so validation speakers train too.
    training, test = np.isin(roles, ["train", "validation"]), roles == "test"
    labels = sorted(set(first.label.tolist()))
    outcome = svm.train(alternatives, training, test, labels, settings)
    chosen = ", ".join(f"{key} {value}" for key, value in outcome.model.chosen.items())
    for tried, uar in outcome.inner_uar.items():
        log.info("tried in the inner folds: %s, UAR %.3f", tried, uar)
    log.info(
        "%s: %s; trained in %.1f s",
        "chosen" if outcome.inner_uar else "nothing to choose",
        chosen,
        outcome.train_seconds,
    )
    model = replace(outcome.model, extraction=snakemake.params.extraction)
    svm.save(snakemake.output.model, model)
    write_json(
        snakemake.output.record,
        {
            "family": settings["family"],
            "features": " | ".join(feature_alternatives(settings)),
            "parameters": outcome.model.parameters,
            "train_seconds": outcome.train_seconds,
            "predict_ms_per_clip": outcome.predict_ms_per_clip,
            "chosen": outcome.model.chosen,
            "inner_uar": outcome.inner_uar,
            "device": "cpu",
            "threads": snakemake.threads,
        },
    )
    write(
        snakemake.output.predictions,
        rows_of(
            first.clip[test], first.speaker[test], first.label[test], labels, outcome.probabilities
        ),
        labels,
    )


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
