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
    root = Path(snakemake.input[0]).parents[1]
    clips, labels, pixels = shard_pixels(root, snakemake.wildcards.shard, (height, width))
    with replacing(snakemake.output.array) as temporary:
        np.save(temporary, pixels)
    rows = [{"clip": clip, "label": label} for clip, label in zip(clips, labels, strict=True)]
    write_tsv(snakemake.output.clips, rows, ["clip", "label"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
