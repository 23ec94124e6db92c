"""Rule report_pdf: the report to print."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.report.pdf import render
    from serflow.report.sources import gather

    content = gather(snakemake.params.cfg, dict(snakemake.input.items()))
    render(content, snakemake.params.template, snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
