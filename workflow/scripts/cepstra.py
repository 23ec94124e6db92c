"""Rule cepstra: MFCC of each clip of a shard, as many as any feature type can ask for."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.files import replacing
    from serflow.sound.audio import read_wav
    from serflow.sound.cepstra import mfcc
    from serflow.sound.features import COEFFICIENTS

    cfg = snakemake.params.cfg
    matrices = []
    for row in snakemake.params.rows:
        recording = read_wav(row["path"])
        matrices.append(
            mfcc(
                recording.samples,
                recording.rate,
                cfg["spectrogram.hop_seconds"],
                cfg["spectrogram.frames"],
                COEFFICIENTS,
            )
        )
    with replacing(snakemake.output[0]) as temporary:
        np.savez(
            temporary,
            clip=np.array([row["clip"] for row in snakemake.params.rows]),
            mfcc=np.stack(matrices),
        )


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
