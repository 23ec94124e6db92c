"""Rule figure_images: a training and a test clip of each label as the networks see them."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.figures.images import examples
    from serflow.figures.small_png import save_small
    from serflow.sound.images import read_png
    from serflow.splitting.examples import choose
    from serflow.tables import read_tsv

    root = Path(snakemake.input.images).parent / "images"
    images = {row["clip"]: root / row["image"] for row in read_tsv(snakemake.input.images)}
    chosen = [
        {**example, "image": read_png(images[example["clip"]])}
        for example in choose(snakemake.params.rows, read_tsv(snakemake.input.splits))
    ]
    save_small(examples(chosen), snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
