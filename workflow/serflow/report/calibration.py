"""Section on calibration: whether the models' probabilities mean what they say."""

from __future__ import annotations

from serflow import numbers
from serflow.report.blocks import Block, figures, paragraph
from serflow.report.material import Material


def calibrated(material: Material) -> list[Block]:
    """Return the reliability diagrams and how to read them."""
    ranked = sorted(material.ranked, key=lambda row: numbers.value(row["ece"]))
    told = ", ".join(f"{row['model']} {numbers.score(row['ece'])}" for row in ranked)
    best, worst = ranked[0], ranked[-1]
    extremes = ""
    if len(ranked) > 1:
        extremes = (
            f" The lowest ECE is that of {best['model']} ({numbers.score(best['ece'])}), the "
            f"highest that of {worst['model']} ({numbers.score(worst['ece'])})."
        )
    return [
        paragraph(
            "Of all predictions made with a probability of 0.8, about 80 in 100 should be right. "
            "The expected calibration error (ECE) is the mean distance from that, over 15 bins of "
            f"equal width; it says nothing about how often a model is right.{extremes} A guess "
            "has no ECE here: it claims nothing. With few clips an ECE is rather too high, so it "
            "serves to compare models on the same clips."
        ),
        *figures(
            [
                (
                    "calibration",
                    "Reliability of the models: how often predictions of a confidence are right. "
                    "Dots are bins, as large as the share of predictions in them, all folds and "
                    "seeds together. On the dashed line confidence and accuracy agree; below it a "
                    "model is surer than it is right.",
                    f"Expected calibration errors: {told}.",
                )
            ],
            material.figures,
        ),
    ]
