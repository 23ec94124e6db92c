"""What models predicted for a handful of clips."""

from __future__ import annotations

from typing import Any

from serflow.evaluation.outcomes import Outcomes, gather


def outcomes(said: dict[str, list[dict[str, float]]]) -> Outcomes:
    """Model → one dict a seed: probability of the label A by clip; a1, a2 are A and b1 is B."""

    def rows(of: dict[str, float]) -> list[dict[str, Any]]:
        return [
            {
                "clip": clip,
                "speaker": clip,
                "label": clip[0].upper(),
                "predicted": "A" if p >= 0.5 else "B",
                "p_A": p,
                "p_B": 1 - p,
            }
            for clip, p in of.items()
        ]

    return gather(
        {
            model: [(0, seed, rows(of)) for seed, of in enumerate(seeds)]
            for model, seeds in said.items()
        }
    )
