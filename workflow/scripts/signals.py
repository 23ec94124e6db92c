"""Rule signals: the signals of a shard at one rate and of one length."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from functools import partial

    from serflow import rowfiles
    from serflow.corpora.checking import usable
    from serflow.sound.audio import read_wav
    from serflow.sound.recordings import require_one_rate
    from serflow.sound.signals import fixed, samples_wanted
    from serflow.tables import read_tsv, write_tsv

    cfg = snakemake.params.cfg
    rate = None if snakemake.wildcards.rate == "native" else int(snakemake.wildcards.rate)
    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    if rate is None:
        require_one_rate(read_tsv(snakemake.input.all))
    hop, frames = cfg["spectrogram.hop_seconds"], cfg["spectrogram.frames"]
    needed = partial(samples_wanted, rate=rate, hop_seconds=hop, frames=frames)
    signals = (fixed(read_wav(row["path"], needed), rate, hop, frames) for row in rows)
    # At their own rate only the first one tells how long they are.
    rowfiles.write(snakemake.output.array, len(rows), signals)
    write_tsv(snakemake.output.clips, rows, ["clip", "label"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
