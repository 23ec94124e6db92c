"""Rule prediction: what models of an earlier run say of recordings, as tables and as a page."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.prediction import asking
    from serflow.prediction.page.content import write_page

    cfg, files = snakemake.params.cfg, [Path(file) for file in snakemake.params.models]
    told = asking.ask(
        snakemake.params.recordings,
        files,
        own_code=snakemake.params.own_code,
        same_speaker=cfg["same_speaker"],
    )
    asking.write_table(snakemake.output.table, told)
    asking.write_windows(snakemake.output.windows, told)
    asking.write_unusable(snakemake.output.unusable, told)
    tables = {"table": snakemake.output.table, "windows": snakemake.output.windows}
    names = {name: Path(path).name for name, path in tables.items()}
    write_page(snakemake.output.page, told, files, audio=cfg["audio"], tables=names)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
