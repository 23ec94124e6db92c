# How a run ends: where the report is and its most important numbers, or where to look for what went wrong.

import logging

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from serflow.report.closing import closing


def told_report():
    """Say where the report is and its three most important numbers, if the run was to make it."""
    pages = [placed(f"{RESULTS}/report/report.{suffix}") for suffix in ("html", "pdf")]
    made = {str(file) for job in workflow.dag.jobs for file in job.output}
    asked = [page for page in pages if page in made]
    if asked:
        numbers = closing(placed(f"{RESULTS}/evaluation"), SETTINGS["evaluation"]["confidence"])
        logger.info("\n".join(["", f"The report: {', '.join(asked)}", *numbers, ""]))
    predicted = placed(f"{PREDICTED}/prediction.html")
    if predicted in made:
        logger.info(f"\nThe predictions: {predicted}\n")


class AfterNothing(logging.Handler):
    """Says the same where there was nothing to be done: Snakemake calls no `onsuccess` then."""

    def emit(self, record):
        if record.getMessage() == NOTHING_TO_BE_DONE_MSG and not workflow.dryrun:
            told_report()


onsuccess:
    told_report()


onerror:
    logger.error(
        f"What a job says for itself stands in its log, below {placed(f'logs/{CORPUS}')}/; what is known "
        "to go wrong, and what helps, in docs/reliability.md. The same command goes on from here."
    )


if workflow.is_main_process and not IS_MODULE:
    logger.addHandler(AfterNothing())
