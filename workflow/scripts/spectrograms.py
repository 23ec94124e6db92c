"""Rule spectrograms: the mel spectrogram of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from contextlib import ExitStack
    from pathlib import Path

    import numpy as np

    from serflow.corpora.checking import usable
    from serflow.files import replacing
    from serflow.process import log
    from serflow.sound import handover
    from serflow.sound.audio import read_wav
    from serflow.sound.images import image
    from serflow.sound.mel import empty_bands
    from serflow.sound.spectra import Analysis, mel_spectrograms

    cfg, left = snakemake.params.cfg, snakemake.params.handover
    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    analysis = Analysis.of(cfg)
    powers = [cfg["spectrogram.power"]]
    leave = None
    rates = set()
    # Also where no recording of the shard is left.
    Path(snakemake.output[0]).mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if left:
            # The images' exponent from the same transform.
            powers.append(left["images"]["power"])
            shape = (analysis.n_mels, analysis.frames)
            leave = stack.enter_context(handover.leaving(Path(left["path"]), len(rows), shape))
        for row in rows:
            recording = read_wav(row["path"], analysis.samples)
            mel, *more = mel_spectrograms(recording.samples, recording.rate, analysis, powers)
            if recording.rate not in rates:
                rates.add(recording.rate)
                empty = empty_bands(recording.rate, analysis.n_fft, analysis.n_mels)
                log.info(
                    "%d of %d mel bands are narrower than an FFT bin at %d Hz and stay empty",
                    *(len(empty), analysis.n_mels, recording.rate),
                )
            path = Path(snakemake.output[0], f"{row['clip']}.npy")
            with replacing(path) as temporary:
                np.save(temporary, mel)
            if leave is not None:
                leave(image(more[0], left["images"]["log_offset"]))
    if left and handover.begun(Path(left["path"])):
        # Both jobs ran side by side; the other one has made its images itself, or holds these open.
        handover.clear(Path(left["path"]))
    log.info("%d clips", len(rows))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
