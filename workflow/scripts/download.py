"""Rule download: the RAVDESS archive, with size and checksum checked."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.download import fetch

    cfg = snakemake.params.cfg
    fetch(
        snakemake.params.url,
        snakemake.output[0],
        size=cfg["corpus.archive.size"],
        md5=cfg["corpus.archive.md5"],
    )


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
