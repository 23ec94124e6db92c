"""Mean ranks of the models over speakers, and Friedman's test.

Each speaker ranks all models by the UAR that they reach on the speaker's clips, 1 for the highest,
the mean place for equal ones (Demšar 2006, JMLR 7, with speakers in the place of data sets).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import friedmanchisquare, rankdata

from serflow.evaluation.claims import FEWEST_MODELS, FEWEST_SPEAKERS


def ranks(models: Sequence[str], scores: ArrayLike) -> list[dict[str, Any]]:
    """Return the models with their mean ranks, the best first.

    Parameters
    ----------
    models
        Names.
    scores
        UAR of each model for each speaker, shape (speakers, models).

    Returns
    -------
    list of dict
        `model`, `mean_rank`, `speakers`, and of all models together `friedman`, the statistic, and
        `p_value` (None where all models are equal for every speaker). Empty with fewer than
        `FEWEST_MODELS` models or `FEWEST_SPEAKERS` speakers, of which ranks say nothing.
    """
    # Means over seeds that are equal on paper differ by rounding; they have to share a rank.
    scores = np.round(np.asarray(scores, dtype=float), 9)
    speakers = len(scores)
    if len(models) < FEWEST_MODELS or speakers < FEWEST_SPEAKERS:
        return []
    mean_ranks = rankdata(-scores, axis=1).mean(axis=0)
    friedman: float | None = None
    p_value: float | None = None
    if (scores != scores[:, :1]).any():
        friedman, p_value = map(float, friedmanchisquare(*scores.T))
    return [
        {
            "model": models[place],
            "mean_rank": float(mean_ranks[place]),
            "speakers": speakers,
            "friedman": friedman,
            "p_value": p_value,
        }
        for place in np.argsort(mean_ranks, kind="stable").tolist()
    ]
