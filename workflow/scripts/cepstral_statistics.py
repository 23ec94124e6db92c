"""Rule cepstral_statistics: statistics of each clip's MFCC and of their deltas."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.files import replacing
    from serflow.sound.functionals import FUNCTIONALS, functionals

    with np.load(snakemake.input[0], allow_pickle=False) as cepstra:
        clips, matrices, frames = cepstra["clip"], cepstra["mfcc"], cepstra["frames"]
    found = np.empty((*matrices.shape[:2], 2 * len(FUNCTIONALS)), np.float32)
    for i, (matrix, real) in enumerate(zip(matrices, frames.tolist(), strict=True)):
        found[i] = functionals(matrix[:, :real])
    with replacing(snakemake.output[0]) as temporary:
        np.savez(temporary, clip=clips, statistics=found)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
