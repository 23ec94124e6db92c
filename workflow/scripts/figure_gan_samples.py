"""Rule figure_gan_samples: what a generator makes beside what it was shown."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.figures.gan_samples import plot
    from serflow.figures.style import save

    with np.load(snakemake.input[0], allow_pickle=False) as images:
        save(plot(images["recorded"], images["generated"]), snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
