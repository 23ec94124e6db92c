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

    cfg, rows = snakemake.params.cfg, snakemake.params.rows
    hop_seconds, frames = cfg["spectrogram.hop_seconds"], cfg["spectrogram.frames"]
    matrices = np.empty((len(rows), COEFFICIENTS, frames), np.float32)
    for i, row in enumerate(rows):
        recording = read_wav(row["path"])
        matrices[i] = mfcc(recording.samples, recording.rate, hop_seconds, frames, COEFFICIENTS)
    with replacing(snakemake.output[0]) as temporary:
        np.savez(temporary, clip=np.array([row["clip"] for row in rows]), mfcc=matrices)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
