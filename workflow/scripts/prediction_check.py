"""Rule prediction_check: whether every recording that was asked about could be used."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.files import write_text
    from serflow.prediction.unusable import require_all

    require_all(snakemake.input.unusable, snakemake.input.page)
    write_text(snakemake.output[0], "All recordings could be used.\n")


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
