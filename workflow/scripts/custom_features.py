"""Rule custom_features: one feature type of the user's own, of each clip of a shard."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.corpora.checking import usable
    from serflow.files import replacing
    from serflow.sound.audio import read_wav
    from serflow.sound.custom import CustomFeature

    rows = usable(snakemake.params.rows, snakemake.input.recordings)
    feature = CustomFeature(snakemake.wildcards.type, **snakemake.params.cfg["custom"])
    values = []
    for row in rows:
        recording = read_wav(row["path"])
        values.append(feature.of(row["clip"], recording.samples, recording.rate))
    with replacing(snakemake.output[0]) as temporary:
        np.savez(temporary, clip=np.array([row["clip"] for row in rows]), values=np.array(values))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
