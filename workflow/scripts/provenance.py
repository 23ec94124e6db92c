"""Rule provenance: where the report's numbers come from."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.files import read_json, write_json
    from serflow.provenance import collect, trainings
    from serflow.tables import read_tsv

    told = collect(
        snakemake.params.cfg["config"],
        read_tsv(snakemake.input.clips),
        read_tsv(snakemake.input.recordings),
        map(read_json, snakemake.input.records),
        snakemake.params.project,
    )
    told["trainings"] = trainings(snakemake.input.records)
    write_json(snakemake.output[0], told)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
