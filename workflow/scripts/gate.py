"""Rule gate: the run stops here when the leakage table holds an error."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.files import write_text
    from serflow.splitting.leakage import verdict
    from serflow.tables import read_tsv

    found = read_tsv(snakemake.input[0])
    verdict(found)
    write_text(snakemake.output[0], f"passed, with {len(found)} findings that are no errors\n")


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
