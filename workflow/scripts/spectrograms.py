"""Rule spectrograms: the mel spectrogram (power 2) of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    import numpy as np

    from serflow.process import log
    from serflow.sound.audio import read_wav
    from serflow.sound.spectra import Analysis, mel_spectrogram

    analysis = Analysis.of(snakemake.params.cfg)
    for row in snakemake.params.rows:
        recording = read_wav(row["path"])
        mel = mel_spectrogram(recording.samples, recording.rate, analysis, power=2)
        path = Path(snakemake.output[0], f"{row['clip']}.npy")
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, mel)
    log.info("%d clips", len(snakemake.params.rows))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
