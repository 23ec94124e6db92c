"""Rule train_gan: a GAN on one fold's training images, and classifiers that start from it."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import time

    import numpy as np

    from serflow.evaluation.predictions import rows_of, write
    from serflow.networks import gan_fold, label_shares, modelfile, training
    from serflow.networks.arrays import Blocks
    from serflow.networks.job_files import checkpoint_of, curve_file, in_order, write_record
    from serflow.networks.progress import Teller
    from serflow.process import log
    from serflow.splitting.roles import roles_of
    from serflow.tables import write_tsv

    begin = time.monotonic()
    cfg, output = snakemake.params.cfg, snakemake.output
    settings = cfg["model"]
    fold, seed = int(snakemake.wildcards.fold), int(snakemake.wildcards.seed)
    table = {row["clip"]: row for row in snakemake.params.rows}
    clips, order = in_order(snakemake.input.clips, snakemake.input.copied)
    label = np.array([table[clip]["label"] for clip in clips.tolist()])
    speaker = np.array([table[clip]["speaker"] for clip in clips.tolist()])
    labels, truth = np.unique(label, return_inverse=True)
    roles = roles_of(snakemake.input.splits, fold, clips.tolist())
    arrays = [*snakemake.input.arrays, *snakemake.input.copies]
    inputs = Blocks(arrays, order)
    checkpoint = checkpoint_of(
        snakemake.params.checkpoint,
        (cfg, dict(snakemake.wildcards), snakemake.threads),
        cfg["device"],
        snakemake.input.splits,
        arrays,
    )
    how = {"device": cfg["device"], "threads": snakemake.threads, "checkpoint": checkpoint}

    told = curve_file(output.gan_curve, Teller("GAN", settings["gan_epochs"]))
    gan = gan_fold.train_gan(inputs, roles, settings, seed, on_epoch=told, **how)
    gan_fold.save_samples(output.samples, gan, inputs, roles, seed)
    start = gan_fold.start_of(gan)
    fixed = (inputs, truth, roles, labels.tolist(), settings, seed)
    trained = training.train(*fixed, on_epoch=curve_file(output.curve), start=start, **how)
    # The GAN included; what the comparison takes is none of the model's.
    done = checkpoint.part("seconds") or {"seconds": checkpoint.spent + time.monotonic() - begin}
    checkpoint.end("seconds", done)
    about = {"fold": fold, "seed": seed, "extraction": snakemake.params.extraction}
    modelfile.save(output.model, trained.network, about)
    write_record(output.record, settings, trained, done["seconds"], snakemake.threads)
    test = np.flatnonzero(roles == "test")
    tested = (clips[test], speaker[test], label[test], labels.tolist())
    write(output.predictions, rows_of(*tested, trained.probabilities), labels.tolist())

    answers = []
    scores = []
    for answer in label_shares.compare(*fixed, start, trained, **how):
        answers.append(answer)
        scores.append(label_shares.score(answer, truth[test], len(labels), fold, seed))
        log.info("%s", ", ".join(f"{key} {value}" for key, value in scores[-1].items()))
    write_tsv(output.scores, scores, label_shares.SCORES)
    label_shares.write_answers(output.answers, *tested, answers)
    checkpoint.remove()


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
