"""Rule figure_spectrograms: a training and a test clip of each label as mel spectrograms."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    import numpy as np

    from serflow.corpora.shards import deal
    from serflow.figures.spectrograms import examples
    from serflow.figures.style import save
    from serflow.splitting.examples import choose
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    rows = snakemake.params.rows
    rates = {row["clip"]: int(row["rate"]) for row in read_tsv(snakemake.input.recordings)}
    shard_of = {
        row["clip"]: shard for shard, dealt in deal(rows, cfg["shards"]).items() for row in dealt
    }
    root = Path(snakemake.input.spectrograms[0]).parent
    chosen = [
        {
            **example,
            "mel": np.load(root / shard_of[clip] / f"{clip}.npy", allow_pickle=False),
            "rate": rates[clip],
            "hop_seconds": cfg["spectrogram.hop_seconds"],
        }
        for example in choose(rows, read_tsv(snakemake.input.splits))
        for clip in [example["clip"]]
    ]
    save(examples(chosen), snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
