"""Section on how the report was made: the graph of the rules, and how many jobs each had."""

from __future__ import annotations

from serflow.report import text
from serflow.report.blocks import Block, figures, paragraph, section
from serflow.report.material import Material

FIGURE = "rulegraph"


def made(material: Material) -> list[Block]:
    """Return the section, or nothing where the graph was not drawn."""
    if FIGURE not in material.figures:
        return []
    jobs = {row["rule"]: int(row["jobs"]) for row in material.tables.get("jobs", [])}
    counted = ", ".join(f"{rule} {count}" for rule, count in jobs.items())
    everything = text.counted(sum(jobs.values()), "job")
    shown = [
        paragraph(
            f"SERflow made this report in {everything} of {text.counted(len(jobs), 'rule')}. Each "
            "rule reads the files that the rules before it wrote. None runs again unless something "
            "has changed that it depends on: a setting that it reads, a recording, or its code."
        ),
        *figures(
            [
                (
                    FIGURE,
                    "The rules from the recordings to this report, each behind those whose files "
                    "it reads. A number of jobs stands beside the rules that have several; rules "
                    "with the same neighbours share a box.",
                    f"Graph of the rules. Jobs by rule: {counted}.",
                )
            ],
            material.figures,
        ),
    ]
    return [section("made", "How this report was made", shown)]
