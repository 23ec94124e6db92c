"""The sentence on the attribute of the clips by which scores differ most."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from serflow.evaluation.contrasts import Conclusion, Findings, Row, conclusion, plural


def largest_gap(findings: Findings, rows: Sequence[Row]) -> list[Conclusion]:
    """Say between which values of an attribute the highest-scoring model differs most.

    Parameters
    ----------
    findings
        Of the same evaluation.
    rows
        The table `per_attribute`; without rows there is nothing to say. Attributes are passed over
        of which a value lacks some label: the fewer labels, the easier is each.
    """
    labels = round(1 / findings.chance)
    lacking = {row["attribute"] for row in rows if int(row["labels"]) < labels}
    scored: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["attribute"] in lacking:
            continue
        if row["model"] in findings.models and row["uar"] not in (None, ""):
            scored.setdefault((row["model"], row["attribute"]), []).append(row)
    if not scored:
        return []
    gap = {key: _uar(max(of, key=_uar)) - _uar(min(of, key=_uar)) for key, of in scored.items()}
    best = findings.ranked(list(findings.models))[0]
    attributes = list(dict.fromkeys(attribute for _, attribute in scored))
    widest = max(attributes, key=lambda attribute: gap[best, attribute])
    own = scored[best, widest]
    high, low = max(own, key=_uar), min(own, key=_uar)
    usual = {
        attribute: median(gap[model, attribute] for model in findings.models)
        for attribute in attributes
    }
    first = max(attributes, key=lambda attribute: usual[attribute])
    text = (
        f"Of the clips' attributes ({', '.join(attributes)}), {best}, the model with the highest "
        f"UAR, has its widest gap by {widest}: {_told(widest, high)} against "
        f"{_told(widest, low)}, a gap of {gap[best, widest]:.3f}. It was picked as the widest of "
        f"{len(attributes)}, which flatters it, and was not tested."
        if len(attributes) > 1
        else f"By {widest}, {best}, the model with the highest UAR, reaches {_told(widest, high)} "
        f"against {_told(widest, low)}, a gap of {gap[best, widest]:.3f}, which was not tested."
    )
    if len(findings.models) > 1:
        text += (
            f" In the median of all {len(findings.models)} models the widest gap is that by "
            f"{first} ({usual[first]:.3f})."
        )
    evidence = {
        "model": best,
        "attribute": widest,
        "highest": high["value"],
        "lowest": low["value"],
        "gap": gap[best, widest],
        "median gaps": usual,
    }
    return [conclusion("attributes", text, evidence)]


def _uar(row: Row) -> float:
    return float(row["uar"])


def _told(attribute: str, row: Row) -> str:
    """Return a value with its UAR, interval and size: ``gender female UAR 0.715 [...] (...)``."""
    interval = ""
    if row["uar_low"] not in (None, ""):
        interval = f" [{float(row['uar_low']):.3f}, {float(row['uar_high']):.3f}]"
    speakers = int(row["speakers"])
    heard = f", {plural(speakers, 'speaker')}" if speakers else ""
    size = f"{plural(int(row['clips']), 'clip')}{heard}"
    return f"{attribute} {row['value']} UAR {_uar(row):.3f}{interval} ({size})"
