"""Rule synthesize: the demonstration corpus."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.process import log
    from serflow.synthesis.corpus import synthesize
    from serflow.tables import write_tsv

    corpus, folder = snakemake.params.cfg["corpus"], snakemake.output.wavs
    rows = synthesize(
        folder,
        speakers=corpus["speakers"],
        repetitions=corpus["repetitions"],
        intensities=corpus["intensities"],
        rate=corpus["rate"],
        seed=corpus["seed"],
        on_clip=lambda row: log.info("%s", row["clip"]),
    )
    listed = [{"clip": row["clip"], "path": f"{folder}/{row['path']}"} for row in rows]
    write_tsv(snakemake.output.manifest, listed, ["clip", "path"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
