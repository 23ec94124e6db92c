"""Rule image_shard: the PNG image of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.corpora.checking import usable
    from serflow.corpora.layout import label_folder
    from serflow.process import log
    from serflow.sound import handover
    from serflow.sound.images import write_png

    cfg = snakemake.params.cfg
    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    folders = {Path(folder).parent.name: Path(folder) for folder in snakemake.output}
    # A label without a clip in this shard leaves an empty folder.
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    place = Path(snakemake.params.handover)
    shape = cfg["spectrogram.n_mels"], cfg["spectrogram.frames"]
    left = handover.take(place, len(rows), shape, snakemake.input)
    images = transformed(rows, cfg) if left is None else left
    for row, pixels in zip(rows, images, strict=True):
        write_png(folders[label_folder(row["label"])] / f"{row['clip']}.png", pixels)
    handover.clear(place)
    log.info("%d images, %s", len(rows), "transformed here" if left is None else "handed over")


def transformed(
    rows: "Sequence[Mapping[str, str]]", cfg: "Mapping[str, Any]"
) -> "Iterator[NDArray[np.uint8]]":
    """Make the images from the WAVs."""
    # Here, because images that were handed over need none of it.
    from serflow.sound.audio import read_wav
    from serflow.sound.images import image
    from serflow.sound.spectra import Analysis, mel_spectrogram

    analysis = Analysis.of(cfg)
    for row in rows:
        recording = read_wav(row["path"], analysis.samples)
        mel = mel_spectrogram(recording.samples, recording.rate, analysis, cfg["images"]["power"])
        yield image(mel, cfg["images"]["log_offset"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
