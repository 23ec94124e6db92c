"""Rule pixels: the images of a shard, resized once."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    import numpy as np

    from serflow.files import replacing
    from serflow.networks.vision import shard_pixels
    from serflow.tables import write_tsv

    height, width = map(int, snakemake.wildcards.size.split("x"))
    folders = [Path(folder) for folder in snakemake.input]
    clips, labels, pixels = shard_pixels(
        folders[0].parents[1],
        snakemake.wildcards.shard,
        [folder.parent.name for folder in folders],
        (height, width),
    )
    with replacing(snakemake.output.array) as temporary:
        np.save(temporary, pixels)
    rows = [{"clip": clip, "label": label} for clip, label in zip(clips, labels, strict=True)]
    write_tsv(snakemake.output.clips, rows, ["clip", "label"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
