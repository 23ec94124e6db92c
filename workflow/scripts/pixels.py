"""Rule pixels: the images of a shard, resized once."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    import numpy as np

    from serflow import rowfiles
    from serflow.networks.pixels import pictures, resized
    from serflow.tables import write_tsv

    height, width = map(int, snakemake.wildcards.size.split("x"))
    folders = [Path(folder) for folder in snakemake.input]
    labels = [folder.parent.name for folder in folders]
    found = pictures(folders[0].parents[1], snakemake.wildcards.shard, labels)
    array = snakemake.output.array
    with rowfiles.writing(array, len(found), (height, width), np.uint8) as append:
        for picture in found:
            append(resized(picture.path, (height, width)))
    rows = [{"clip": picture.clip, "label": picture.label} for picture in found]
    write_tsv(snakemake.output.clips, rows, ["clip", "label"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
