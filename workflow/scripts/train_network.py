"""Rule train_network: one network, one fold, one seed."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.evaluation.predictions import rows_of, write
    from serflow.files import write_json
    from serflow.networks import modelfile, training
    from serflow.networks.arrays import Blocks
    from serflow.networks.fitting import CURVE
    from serflow.process import log
    from serflow.splitting.roles import roles_of
    from serflow.tables import read_tsv, write_tsv

    cfg = snakemake.params.cfg
    settings = cfg["model"]
    table = {row["clip"]: row for row in snakemake.params.rows}
    stored = np.array([row["clip"] for shard in snakemake.input.clips for row in read_tsv(shard)])
    # By name, so that the number of shards changes no result.
    order = np.argsort(stored)
    clips = stored[order].tolist()
    label = np.array([table[clip]["label"] for clip in clips])
    speaker = np.array([table[clip]["speaker"] for clip in clips])
    labels = sorted(set(label.tolist()))
    roles = roles_of(snakemake.input.splits, int(snakemake.wildcards.fold), clips)
    curve: list[dict[str, object]] = []

    def on_epoch(row: dict[str, object]) -> None:
        # The whole table each time: small, and never half written for whoever watches it grow.
        curve.append(row)
        write_tsv(snakemake.output.curve, curve, CURVE)
        log.info(
            "%s",
            ", ".join(
                f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()
            ),
        )

    trained = training.train(
        Blocks(snakemake.input.arrays, order),
        np.array([labels.index(name) for name in label]),
        roles,
        labels,
        settings,
        seed=int(snakemake.wildcards.seed),
        device=cfg["device"],
        threads=snakemake.threads,
        on_epoch=on_epoch,
    )
    modelfile.save(
        snakemake.output.model,
        trained.network,
        {"fold": int(snakemake.wildcards.fold), "seed": int(snakemake.wildcards.seed)},
    )
    if settings["family"] == "cnn1d":
        inputs = "signal" if settings["rate"] is None else f"signal {settings['rate']} Hz"
    else:
        inputs = "image {}x{}".format(*settings["size"])
    write_json(
        snakemake.output.record,
        {
            "family": settings["family"],
            "features": inputs,
            "parameters": trained.parameters,
            "train_seconds": trained.train_seconds,
            "predict_ms_per_clip": trained.predict_ms_per_clip,
            "epochs": trained.epochs,
            "best_epoch": trained.best_epoch,
            "device": trained.device,
            "threads": snakemake.threads,
        },
    )
    test = np.flatnonzero(roles == "test")
    write(
        snakemake.output.predictions,
        rows_of(np.array(clips)[test], speaker[test], label[test], labels, trained.probabilities),
        labels,
    )


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
