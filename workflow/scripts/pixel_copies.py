"""Rule pixel_copies: one changed copy of each recording of a shard, as the image networks read."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow import rowfiles
    from serflow.corpora.checking import usable
    from serflow.networks.pixels import fitted
    from serflow.sound.audio import read_wav
    from serflow.sound.augmented import changed, needed
    from serflow.sound.images import image
    from serflow.sound.spectra import Analysis, mel_spectrogram
    from serflow.tables import write_tsv

    cfg, images = snakemake.params.cfg, snakemake.params.cfg["images"]
    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    analysis = Analysis.of(cfg)

    def wanted(rate: int) -> int:
        return needed(analysis.samples(rate), rate)

    sound, copy = snakemake.wildcards.sound, int(snakemake.wildcards.number)
    height, width = map(int, snakemake.wildcards.size.split("x"))
    array = snakemake.output.array
    with rowfiles.writing(array, len(rows), (height, width), np.uint8) as append:
        for row in rows:
            recording = read_wav(row["path"], wanted)
            samples = changed(recording.samples, recording.rate, sound, copy, row["clip"])
            mel = mel_spectrogram(samples, recording.rate, analysis, images["power"])
            append(fitted(image(mel, images["log_offset"]), (height, width)))
    write_tsv(snakemake.output.clips, rows, ["clip"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
