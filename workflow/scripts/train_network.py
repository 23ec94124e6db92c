"""Rule train_network: one network, one fold, one seed."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow import network_inputs, targets
    from serflow.codeprint import fileprint
    from serflow.evaluation import estimates, predictions
    from serflow.files import write_json
    from serflow.networks import modelfile, training
    from serflow.networks.arrays import Blocks
    from serflow.networks.checkpoints import Checkpoint
    from serflow.networks.determinism import choose_device
    from serflow.networks.speakers import SpeakerStandardised
    from serflow.process import log
    from serflow.splitting.roles import roles_of
    from serflow.tables import read_tsv, write_tsv

    cfg = snakemake.params.cfg
    settings = cfg["model"]
    table = {row["clip"]: row for row in snakemake.params.rows}
    of_shards = [row["clip"] for shard in snakemake.input.clips for row in read_tsv(shard)]
    of_copies = [row["clip"] for shard in snakemake.input.copied for row in read_tsv(shard)]
    stored = np.array(of_shards + of_copies)
    # By name, so that the number of shards changes no result; first the clips, then copy by copy.
    order = np.lexsort([stored, np.arange(len(stored)) // len(of_shards)])
    clips = stored[order[: len(of_shards)]].tolist()
    label = np.array([table[clip]["label"] for clip in clips])
    speaker = np.array([table[clip]["speaker"] for clip in clips])
    target = targets.of(settings)
    if target is None:
        classes = sorted(set(label.tolist()))
        truth = np.array([classes.index(name) for name in label])
    else:
        classes = [target]
        truth = np.array([float(table[clip][target]) for clip in clips])
    roles = roles_of(snakemake.input.splits, int(snakemake.wildcards.fold), clips)
    curve: list[dict[str, object]] = []

    def on_epoch(row: dict[str, object]) -> None:
        # The whole table each time: small, and never half written for whoever watches it grow.
        curve.append(row)
        write_tsv(snakemake.output.curve, curve, list(row))
        log.info(
            "%s",
            ", ".join(
                f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()
            ),
        )

    arrays = [*snakemake.input.arrays, *snakemake.input.copies]
    inputs = Blocks(arrays, order)
    if network_inputs.normalisation(settings) == "speaker":
        inputs = SpeakerStandardised(inputs, speaker)
    checkpoint = Checkpoint(
        snakemake.params.checkpoint,
        repr(
            (
                cfg,
                dict(snakemake.wildcards),
                snakemake.threads,
                choose_device(cfg["device"]).type,
                fileprint(snakemake.input.splits),
                stamps(arrays),
            )
        ),
    )
    if checkpoint.begun:
        log.info("going on from %s", snakemake.params.checkpoint)
    trained = training.train(
        inputs,
        truth,
        roles,
        classes,
        settings,
        seed=int(snakemake.wildcards.seed),
        device=cfg["device"],
        threads=snakemake.threads,
        on_epoch=on_epoch,
        checkpoint=checkpoint,
    )
    modelfile.save(
        snakemake.output.model,
        trained.network,
        {"fold": int(snakemake.wildcards.fold), "seed": int(snakemake.wildcards.seed)},
    )
    write_json(
        snakemake.output.record,
        {
            "family": settings["family"],
            "features": network_inputs.describe(settings),
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
    told = np.array(clips)[test], speaker[test]
    if target is None:
        rows = predictions.rows_of(*told, label[test], classes, trained.probabilities)
        predictions.write(snakemake.output.predictions, rows, classes)
    else:
        rows = estimates.rows_of(*told, truth[test], trained.probabilities)
        estimates.write(snakemake.output.predictions, rows)
    checkpoint.remove()


def stamps(paths: list[str]) -> list[tuple[str, int, int]]:
    """Return what tells the files from others that lie there at another time."""
    from pathlib import Path

    found = [(path, Path(path).stat()) for path in paths]
    return [(path, file.st_size, file.st_mtime_ns) for path, file in found]


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
