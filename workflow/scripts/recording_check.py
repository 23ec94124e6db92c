"""Rule recording_check: whether the run goes on without the recordings that cannot be used."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.checking import require_usable
    from serflow.files import write_text
    from serflow.process import log
    from serflow.tables import each_row

    excluded = snakemake.input[0]
    require_usable(snakemake.params.rows, excluded, snakemake.params.on_error)
    for row in each_row(excluded):
        log.warning("left out: %s (%s)", row["clip"], row["reason"])
    write_text(snakemake.output[0], "All recordings were looked at.\n")


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
