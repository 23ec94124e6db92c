"""Rule spectrograms: the mel spectrogram of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    import numpy as np

    from serflow.process import log
    from serflow.sound.audio import read_wav
    from serflow.sound.mel import empty_bands
    from serflow.sound.spectra import Analysis, mel_spectrogram

    analysis = Analysis.of(snakemake.params.cfg)
    power = snakemake.params.cfg["spectrogram.power"]
    rates = set()
    for row in snakemake.params.rows:
        recording = read_wav(row["path"])
        mel = mel_spectrogram(recording.samples, recording.rate, analysis, power)
        if recording.rate not in rates:
            rates.add(recording.rate)
            empty = empty_bands(recording.rate, analysis.n_fft, analysis.n_mels)
            log.info(
                "%d of %d mel bands are narrower than an FFT bin at %d Hz and stay empty",
                *(len(empty), analysis.n_mels, recording.rate),
            )
        path = Path(snakemake.output[0], f"{row['clip']}.npy")
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, mel)
    log.info("%d clips", len(snakemake.params.rows))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
