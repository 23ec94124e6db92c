"""Rule views: spectrograms of a shard's signals, for networks."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow import rowfiles
    from serflow.sound.views import spectrogram
    from serflow.tables import read_tsv, write_tsv

    view = snakemake.params.cfg["view"]
    signals = np.load(snakemake.input.array, mmap_mode="r", allow_pickle=False)
    made = (spectrogram(signal, view) for signal in signals)
    # Only the first one tells how many frames there are.
    rowfiles.write(snakemake.output.array, len(signals), made)
    write_tsv(snakemake.output.clips, list(read_tsv(snakemake.input.clips)), ["clip", "label"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
