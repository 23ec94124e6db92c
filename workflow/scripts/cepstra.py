"""Rule cepstra: MFCC of each clip of a shard, as many as any feature type can ask for."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.corpora.checking import usable
    from serflow.feature_types import MOST_COEFFICIENTS
    from serflow.files import replacing
    from serflow.sound.cepstra import mfcc, real_frames
    from serflow.sound.sliding import Sliding
    from serflow.sound.wav_files import WavFile

    cfg = snakemake.params.cfg
    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    hop_seconds, frames = cfg["spectrogram.hop_seconds"], cfg["spectrogram.frames"]
    matrices = np.empty((len(rows), MOST_COEFFICIENTS, frames), np.float32)
    real = np.empty(len(rows), np.int32)
    for i, row in enumerate(rows):
        with WavFile(row["path"]) as wav:
            samples = Sliding(wav.blocks(), wav.frames)
            matrices[i] = mfcc(samples, wav.rate, hop_seconds, frames, MOST_COEFFICIENTS)
            real[i] = real_frames(wav.frames, wav.rate, hop_seconds, frames)
    clips = np.array([row["clip"] for row in rows])
    with replacing(snakemake.output[0]) as temporary:
        np.savez(temporary, clip=clips, mfcc=matrices, frames=real)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
