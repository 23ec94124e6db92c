"""Whether every recording that was asked about could be used."""

from __future__ import annotations

from pathlib import Path

from serflow.errors import UserError
from serflow.tables import read_tsv

MOST_TOLD = 5
"""Recordings that the message lists."""


def require_all(unusable: str | Path, page: str | Path) -> None:
    """Raise `UserError` where recordings could not be used, by the table that lists them."""
    rows = read_tsv(unusable)
    if not rows:
        return
    listed = "\n".join(f"  - {row['recording']}: {row['reason']}" for row in rows[:MOST_TOLD])
    more = f"\n  and {len(rows) - MOST_TOLD} more in {unusable}" if len(rows) > MOST_TOLD else ""
    raise UserError(
        f"{len(rows)} of the recordings could not be used; what is said of the others is in "
        f"{page}\n{listed}{more}"
    )
