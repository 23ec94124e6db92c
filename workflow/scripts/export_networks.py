"""Rule export_networks: a model's networks as ONNX, checked against torch on real clips."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.export.networks import Corpus, Run, export
    from serflow.tables import read_tsv

    cfg, given = snakemake.params.cfg, snakemake.input
    recordings = read_tsv(given.recordings)
    corpus = Corpus(
        name=snakemake.wildcards.corpus,
        licence=cfg["licence"],
        arrays=given.arrays,
        clips=given.clips,
        speakers={row["clip"]: row["speaker"] for row in snakemake.params.rows},
        rates=sorted({int(row["rate"]) for row in recordings if row["rate"]}),
    )
    export(
        [Run(*files) for files in zip(given.models, given.predictions, strict=True)],
        corpus,
        snakemake.output.networks,
        snakemake.output.preprocessing,
        snakemake.output.check,
        cfg["model"].get("file"),
    )


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
