"""Rule image_shard: the PNG image of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.corpora.layout import label_folder
    from serflow.sound.audio import read_wav
    from serflow.sound.images import image, write_png
    from serflow.sound.spectra import Analysis, mel_spectrogram

    cfg = snakemake.params.cfg
    analysis = Analysis.of(cfg)
    folders = {Path(folder).parent.name: Path(folder) for folder in snakemake.output}
    # A label without a clip in this shard leaves an empty folder.
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    for row in snakemake.params.rows:
        recording = read_wav(row["path"])
        mel = mel_spectrogram(recording.samples, recording.rate, analysis, cfg["images"]["power"])
        path = folders[label_folder(row["label"])] / f"{row['clip']}.png"
        write_png(path, image(mel, cfg["images"]["log_offset"]))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
