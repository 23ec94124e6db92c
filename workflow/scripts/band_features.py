"""Rule band_features: SC, SBW and SBE of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    import numpy as np

    from serflow.corpora.checking import usable
    from serflow.files import replacing
    from serflow.sound.bands import features, frequencies
    from serflow.tables import read_tsv

    cfg = snakemake.params.cfg
    meaning, n_mels = cfg["features.frequency"], cfg["spectrogram.n_mels"]
    rates = (
        {row["clip"]: int(row["rate"]) for row in read_tsv(snakemake.input.recordings)}
        if meaning == "hz"
        else {}
    )
    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    clips = [row["clip"] for row in rows]
    shape = (len(clips), len(cfg["features.bands"]), cfg["spectrogram.frames"])
    found = {kind: np.empty(shape, np.float32) for kind in ("sc", "sbw", "sbe")}
    for i, clip in enumerate(clips):
        mel = np.load(Path(snakemake.input.spectrograms, f"{clip}.npy"), allow_pickle=False)
        # A band's index needs no rate; its frequency in Hz does.
        scale = frequencies(meaning, n_mels, rates.get(clip, 1))
        for kind, matrix in features(mel, cfg["features.bands"], scale).items():
            found[kind][i] = matrix
    with replacing(snakemake.output[0]) as temporary:
        np.savez(temporary, clip=np.array(clips), **found)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
