"""Rule feature_table: one feature type of the whole corpus as one file."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.checking import usable
    from serflow.sound import features

    cfg = snakemake.params.cfg
    rows = usable(snakemake.params.rows, snakemake.input.excluded)
    made_of = {key: value for key, value in cfg.items() if key not in ("code", "clips")}
    gathered = features.gather(snakemake.input.shards, cfg["type"], rows, made_of)
    features.save(snakemake.output[0], gathered)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
