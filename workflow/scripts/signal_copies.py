"""Rule signal_copies: one changed copy of each signal of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow import rowfiles
    from serflow.sound.augmented import changed
    from serflow.tables import each_row, read_tsv, write_tsv

    sound, copy = snakemake.wildcards.sound, int(snakemake.wildcards.number)
    if snakemake.wildcards.rate == "native":
        # All that are used have the same, or there would be no signals.
        rate = next(int(row["rate"]) for row in each_row(snakemake.input.recordings) if row["rate"])
    else:
        rate = int(snakemake.wildcards.rate)
    signals = np.load(snakemake.input.array, mmap_mode="r", allow_pickle=False)
    rows = list(read_tsv(snakemake.input.clips))
    array = snakemake.output.array
    with rowfiles.writing(array, len(rows), signals.shape[1:], np.float32) as append:
        for row, signal in zip(rows, signals, strict=True):
            append(changed(signal, rate, sound, copy, row["clip"]))
    write_tsv(snakemake.output.clips, rows, ["clip", "label"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
