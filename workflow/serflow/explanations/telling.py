"""Which test clips explanations show: those that a model was surest of, rightly and wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def choose(rows: Sequence[Mapping[str, str]], each: int = 2) -> list[Mapping[str, str]]:
    """Return the clips recognised rightly with the highest probability, then those wrongly.

    The second of each is of another label than the first where there is one, so that not two takes
    of the same are shown. Of equals the clip whose name comes first counts.

    Parameters
    ----------
    rows
        Of one prediction table.
    each
        How many of each kind, if there are so many.
    """
    surest = sorted(rows, key=lambda row: (-float(row[f"p_{row['predicted']}"]), row["clip"]))
    chosen: list[Mapping[str, str]] = []
    for right in (True, False):
        of_kind = [row for row in surest if (row["label"] == row["predicted"]) == right]
        picked: list[Mapping[str, str]] = []
        while of_kind and len(picked) < each:
            shown = {row["label"] for row in picked}
            best = next((row for row in of_kind if row["label"] not in shown), of_kind[0])
            of_kind.remove(best)
            picked.append(best)
        chosen += picked
    return chosen


def rival(row: Mapping[str, str]) -> str:
    """Return over which label a model's answer had to lead.

    Of a wrong answer that is the true label, of a right one the likeliest other. Of equals the one
    whose name comes first counts.

    Parameters
    ----------
    row
        Of a prediction table.
    """
    if row["label"] != row["predicted"]:
        return row["label"]
    others = {key[2:]: float(p) for key, p in row.items() if key.startswith("p_")}
    del others[row["predicted"]]
    return min(others, key=lambda label: (-others[label], label))
