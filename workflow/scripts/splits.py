"""Rule splits: the folds of the protocol."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.corpora.checking import require_whole, usable
    from serflow.splitting.protocols import fold_count
    from serflow.splitting.splits import assign
    from serflow.tables import write_tsv

    rows, protocol = snakemake.params.rows, snakemake.params.cfg["protocol"]
    kept = usable(rows, snakemake.input.excluded)
    require_whole(rows, kept, fold_count(protocol, rows), fold_count(protocol, kept))
    write_tsv(snakemake.output[0], assign(kept, protocol), ["clip", "fold", "role"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
