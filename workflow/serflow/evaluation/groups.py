"""Groups of models that no test tells apart, for a picture of their ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from serflow.evaluation.claims import sure
from serflow.numbers import value


def not_told_apart(
    ranked: Sequence[str], comparisons: Sequence[Mapping[str, str]], confidence: float
) -> list[tuple[int, int]]:
    """Return the longest runs of ranked models within which no two are told apart.

    Parameters
    ----------
    ranked
        Models, the best mean rank first.
    comparisons
        Rows of ``evaluation/comparisons.tsv``. Two models are told apart where interval and
        corrected test agree (`serflow.evaluation.claims.sure`): the groups say nothing else than
        the sentences and tables do. Nemenyi's critical difference would: it rests on ranks alone,
        and its verdict on two models hangs on which others take part (Benavoli et al. 2016, JMLR
        17).
    confidence
        Level of the intervals.

    Returns
    -------
    list of tuple
        Places of the first and the last model of each run of at least two, ends included. The tests
        are of differences, not of ranks: two models that share no run need not be told apart where
        one between them is.
    """
    apart = set()
    for row in comparisons:
        low, high, p_holm = (value(row[key]) for key in ("low", "high", "p_holm"))
        if sure(low, high, p_holm, confidence):
            apart.add(frozenset((row["model_a"], row["model_b"])))
    found: list[tuple[int, int]] = []
    for first in range(len(ranked)):
        last = first
        while last + 1 < len(ranked) and not any(
            frozenset((one, ranked[last + 1])) in apart for one in ranked[first : last + 1]
        ):
            last += 1
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found
