"""Models that estimate a number: a numeric column of the clip table, such as arousal.

Imports the standard library only: the Snakefile calls this module while it is parsed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

MOST_SHOWN = 3
"""Clips that a message names."""

Rows = Sequence[Mapping[str, Any]]


def of(settings: Mapping[str, Any]) -> str | None:
    """Return the column that a model estimates; ``None`` of one that recognises labels."""
    target: str | None = settings.get("target")
    return target


def number(cell: Any) -> float | None:
    """Read a cell as a finite number; ``None`` where it is none."""
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def mistakes(
    models: Mapping[str, Mapping[str, Any]],
    rows: Rows,
    common: Collection[str],
    premium: Collection[str],
) -> Iterator[str]:
    """Yield in words why a model's target cannot be estimated.

    Parameters
    ----------
    models
        Every model's slice, variants spelled out.
    rows
        The clip table.
    common
        Columns that every clip table has; all others are the corpus' own.
    premium
        Models that `protocol.random_premium` names.
    """
    known = dict.fromkeys(key for row in rows for key in row if key not in common)
    told = set()
    for name, settings in models.items():
        target = of(settings)
        if target is None:
            continue
        if name in premium:
            yield (
                f"`protocol.random_premium`: {name} estimates {target}, and the premium compares "
                "the recognition of labels; leave it out"
            )
        key = f"`models.{settings['variant_of']}.target`"
        if key not in told:
            told.add(key)
            yield from (f"{key}: {what}" for what in _column(target, known, rows))


def _column(target: str, known: Collection[str], rows: Rows) -> Iterator[str]:
    """Yield what is wrong with a column."""
    if target not in known:
        listed = f"known are {', '.join(known)}" if known else "it has none beside its own"
        yield (
            f"the corpus tells no {target} of its clips; {listed}. Numbers to be estimated stand "
            "in a column of a sheet (`corpus.adapter: sheet`)"
        )
        return
    wrong = [
        f"{row['clip']} ({row.get(target) or 'empty'})"
        for row in rows
        if number(row.get(target)) is None
    ]
    if wrong:
        more = f" and {len(wrong) - MOST_SHOWN} more" if len(wrong) > MOST_SHOWN else ""
        yield (
            f"in column {target} {len(wrong)} of {len(rows)} clips have no number: "
            f"{', '.join(wrong[:MOST_SHOWN])}{more}; give each one (with a decimal point), or "
            "leave these clips out of the sheet"
        )
    elif len({number(row[target]) for row in rows}) < 2:
        yield f"column {target} has the same number for all clips, so there is nothing to learn"
