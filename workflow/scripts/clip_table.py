"""Rule clip_table: clips.tsv."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.checking import VERDICT, with_verdicts
    from serflow.corpora.table import measure
    from serflow.tables import write_tsv

    rows = snakemake.params.rows
    if rows and "mtime" not in rows[0]:
        measure(rows)
    # Attributes differ from clip to clip in some corpora: an absent one is an empty cell.
    columns = [*snakemake.params.columns, *VERDICT]
    told = with_verdicts(rows, snakemake.input[0])
    write_tsv(snakemake.output[0], [{c: row.get(c, "") for c in columns} for row in told], columns)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
