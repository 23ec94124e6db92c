"""Rule unpack: the WAVs of the RAVDESS archive."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.corpora.archive import unpack
    from serflow.corpora.download import is_whole
    from serflow.errors import UserError
    from serflow.tables import write_tsv

    # A file that somebody put there by hand has passed no check yet.
    cfg = snakemake.params.cfg
    size, md5 = cfg["corpus.archive.size"], cfg["corpus.archive.md5"]
    if not is_whole(Path(snakemake.input[0]), size, md5):
        raise UserError(
            f"{snakemake.input[0]} is not the archive that `corpus.archive` names (size or MD5 "
            "differ); delete it, so that it is downloaded"
        )
    folder = Path(snakemake.output.wavs)
    unpacked = unpack(snakemake.input[0], folder, wanted=lambda name: name.endswith(".wav"))
    missing = [row["path"] for row in snakemake.params.rows if not Path(row["path"]).is_file()]
    if missing:
        raise UserError(
            f"{snakemake.input[0]} lacks {len(missing)} recordings, {missing[0]} for one; "
            "it is not the RAVDESS speech archive: look at `corpus.archive`"
        )
    # All of them, not those of the chosen emotions: choosing others does not unpack again.
    rows = [
        {"clip": path.relative_to(folder).with_suffix("").as_posix(), "path": path.as_posix()}
        for path in unpacked
    ]
    write_tsv(snakemake.output.manifest, rows, ["clip", "path"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
