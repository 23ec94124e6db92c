"""Rule image_shard: the PNG image of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.corpora.layout import label_folder
    from serflow.process import log
    from serflow.sound import handover
    from serflow.sound.audio import read_wav
    from serflow.sound.images import image, write_png
    from serflow.sound.spectra import Analysis, mel_spectrogram

    cfg, rows = snakemake.params.cfg, snakemake.params.rows
    analysis = Analysis.of(cfg)
    folders = {Path(folder).parent.name: Path(folder) for folder in snakemake.output}
    # A label without a clip in this shard leaves an empty folder.
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    place = Path(snakemake.params.handover)
    left = handover.take(place)
    for row in rows:
        if left is None:
            recording = read_wav(row["path"])
            mel = mel_spectrogram(
                recording.samples, recording.rate, analysis, cfg["images"]["power"]
            )
            pixels = image(mel, cfg["images"]["log_offset"])
        else:
            pixels = next(left)
        write_png(folders[label_folder(row["label"])] / f"{row['clip']}.png", pixels)
    handover.clear(place)
    log.info("%d images, %s", len(rows), "transformed here" if left is None else "handed over")


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
