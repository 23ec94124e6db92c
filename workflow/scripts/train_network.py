"""Rule train_network: one network, one fold, one seed."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow import network_inputs, targets
    from serflow.evaluation import estimates, predictions
    from serflow.networks import modelfile, training
    from serflow.networks.arrays import Blocks
    from serflow.networks.job_files import checkpoint_of, curve_file, in_order, write_record
    from serflow.networks.speakers import SpeakerStandardised
    from serflow.splitting.roles import roles_of

    cfg, threads = snakemake.params.cfg, snakemake.threads
    settings = cfg["model"]
    fold, seed = int(snakemake.wildcards.fold), int(snakemake.wildcards.seed)
    table = {row["clip"]: row for row in snakemake.params.rows}
    clips, order = in_order(snakemake.input.clips, snakemake.input.copied)
    rows = [table[clip] for clip in clips.tolist()]
    label = np.array([row["label"] for row in rows])
    speaker = np.array([row["speaker"] for row in rows])
    target = targets.of(settings)
    if target is None:
        names, truth = np.unique(label, return_inverse=True)
        classes = names.tolist()
    else:
        classes = [target]
        truth = np.array([float(row[target]) for row in rows])
    roles = roles_of(snakemake.input.splits, fold, clips.tolist())
    arrays = [*snakemake.input.arrays, *snakemake.input.copies]
    inputs = Blocks(arrays, order)
    if network_inputs.normalisation(settings) == "speaker":
        inputs = SpeakerStandardised(inputs, speaker)
    checkpoint = checkpoint_of(
        snakemake.params.checkpoint,
        (cfg, dict(snakemake.wildcards), threads),
        cfg["device"],
        snakemake.input.splits,
        arrays,
    )
    trained = training.train(
        inputs,
        truth,
        roles,
        classes,
        settings,
        seed=seed,
        device=cfg["device"],
        threads=threads,
        on_epoch=curve_file(snakemake.output.curve),
        checkpoint=checkpoint,
    )
    about = {"fold": fold, "seed": seed, "extraction": snakemake.params.extraction}
    modelfile.save(snakemake.output.model, trained.network, about)
    write_record(snakemake.output.record, settings, trained, trained.train_seconds, threads)
    test = np.flatnonzero(roles == "test")
    told = clips[test], speaker[test]
    if target is None:
        answers = predictions.rows_of(*told, label[test], classes, trained.probabilities)
        predictions.write(snakemake.output.predictions, answers, classes)
    else:
        estimated = estimates.rows_of(*told, truth[test], trained.probabilities)
        estimates.write(snakemake.output.predictions, estimated)
    checkpoint.remove()


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
