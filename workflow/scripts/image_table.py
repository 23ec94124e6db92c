"""Rule image_table: the list of the images; what no clip has any more leaves the tree."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import shutil
    from pathlib import Path

    from serflow.corpora.checking import usable
    from serflow.corpora.layout import label_folder
    from serflow.corpora.shards import deal
    from serflow.process import log
    from serflow.tables import write_tsv

    root = Path(snakemake.output[0]).parent / "images"
    wanted = {Path(folder).relative_to(root) for folder in snakemake.input.folders}
    for folder in sorted(path for path in root.glob("*/*") if path.is_dir()):
        if folder.relative_to(root) not in wanted:
            log.info("removing %s", folder)
            shutil.rmtree(folder)
    # ImageFolder takes every folder for a class, so a label that is gone must go from the tree.
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if not any(folder.iterdir()):
            folder.rmdir()
    dealt = deal(snakemake.params.rows, snakemake.params.cfg["shards"])
    for path in sorted(root.with_name("handover").glob("*")):
        # Of another dealing of the clips; hidden files are being written.
        if path.name.partition("-")[0].partition(".")[0] not in {*dealt, ""}:
            path.unlink(missing_ok=True)
    shard_of = {row["clip"]: shard for shard, members in dealt.items() for row in members}
    rows = [
        {**row, "image": f"{label_folder(row['label'])}/{shard_of[row['clip']]}/{row['clip']}.png"}
        for row in usable(snakemake.params.rows, snakemake.input.excluded)
    ]
    rows.sort(key=lambda row: row["clip"])
    write_tsv(snakemake.output[0], rows, ["clip", "label", "speaker", "image"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
