"""Section on the models' mean ranks over speakers."""

from __future__ import annotations

from serflow import numbers
from serflow.evaluation.claims import FEWEST_MODELS, FEWEST_SPEAKERS
from serflow.report import text
from serflow.report.blocks import Block, figures, paragraph
from serflow.report.material import Material


def ranked(material: Material) -> list[Block]:
    """Return Friedman's test and the picture of the ranks, or why there are none."""
    rows = material.tables["ranks"]
    if not rows:
        speakers = int(material.ranked[0]["speakers"])
        return [
            paragraph(
                f"Ranks take at least {FEWEST_MODELS} models and {FEWEST_SPEAKERS} tested "
                f"speakers that are known; here are {text.counted(len(material.row), 'model')} and "
                f"{text.counted(speakers, 'speaker')}, so there is no picture of them."
            )
        ]
    test = (
        "All models are equal for every speaker, so there is nothing to test."
        if rows[0]["p_value"] == ""
        else (
            f"Friedman's test of whether the mean ranks differ at all: "
            f"χ² = {numbers.value(rows[0]['friedman']):.1f} with "
            f"{text.counted(len(rows) - 1, 'degree')} of freedom, p "
            f"{_p_value(rows[0]['p_value'])}."
        )
    )
    told = ", ".join(f"{row['model']} {numbers.value(row['mean_rank']):.2f}" for row in rows)
    return [
        paragraph(
            f"Each of {text.counted(int(rows[0]['speakers']), 'speaker')} ranks the models by "
            f"their UAR on the speaker's clips, 1 for the highest. {test} A rank forgets by how "
            "much a model is better, so the order may differ from that of the UAR."
        ),
        *figures(
            [
                (
                    "critical_difference",
                    "Mean ranks over speakers, the best at the top. A bar on the right joins "
                    "neighbours of which no two are told apart, by the same sign-flip tests over "
                    f"{material.unit}, corrected by Holm's method, and the same {material.level} "
                    "intervals as in the tables of pairs. (Nemenyi's critical difference is not "
                    "used: it would judge two models by which others take part.) The tests are "
                    "of differences in UAR, not of ranks: models without a common bar may still "
                    "be undecided, as the tables say.",
                    f"Mean ranks: {told}.",
                )
            ],
            material.figures,
        ),
    ]


def _p_value(cell: str) -> str:
    written = numbers.p_value(cell)
    return written if written.startswith("<") else f"= {written}"
