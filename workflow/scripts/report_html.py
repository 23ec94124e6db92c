"""Rule report_html: the report as one page."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.files import write_text
    from serflow.report.html import render
    from serflow.report.sources import gather

    content = gather(snakemake.params.cfg, dict(snakemake.input.items()))
    write_text(snakemake.output[0], render(content, snakemake.params.template))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
