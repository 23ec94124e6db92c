"""What a run says at its end."""

from __future__ import annotations

from project import RESULTS, Project


def test_a_run_tells_the_report_and_its_numbers_also_where_nothing_was_to_be_done(
    finished: Project,
):
    run = finished.build("report")
    assert "Nothing to be done" in run.output
    report = f"The report: {RESULTS}/report/report.html, {RESULTS}/report/report.pdf"
    told = run.output.partition(report)[2].strip().splitlines()
    assert len(told) == 3
    assert told[0].startswith("Highest UAR: ")


def test_a_dry_run_and_other_targets_tell_no_report(finished: Project):
    assert "The report:" not in finished.build("report", "-n").output
    assert "The report:" not in finished.build("clips").output
