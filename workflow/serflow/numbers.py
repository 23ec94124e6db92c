"""How numbers are written in figures and in the report: the only place that decides it.

Every function takes a table cell (a string, possibly empty), a number or None; what is not known is
written as an en dash.
"""

from __future__ import annotations

import math
from typing import Any

UNKNOWN = "–"
MINUS = "−"
NARROW = "\u202f"


def value(cell: Any) -> float:
    """Read a cell as a number; empty or None is NaN."""
    return math.nan if cell is None or cell == "" else float(cell)


def score(cell: Any) -> str:
    """Write a score between 0 and 1 with three decimals: ``0.612``."""
    number = value(cell)
    return UNKNOWN if math.isnan(number) else f"{number:.3f}"


def correlation(cell: Any) -> str:
    """Write a correlation between −1 and 1 with three decimals: ``0.612``, ``−0.034``."""
    return score(cell).replace("-", MINUS)


def interval(low: Any, high: Any, signed: bool = False) -> str:
    """Write an interval: ``[0.567, 0.653]``; empty where a limit is not known."""
    if math.isnan(value(low)) or math.isnan(value(high)):
        return ""
    write = difference if signed else score
    return f"[{write(low)}, {write(high)}]"


def difference(cell: Any) -> str:
    """Write a difference of scores with its sign: ``+0.034``, ``−0.012``."""
    number = value(cell)
    if math.isnan(number):
        return UNKNOWN
    # Neither +0.000 nor −0.000: a sign would claim a direction.
    return "0.000" if abs(number) < 0.0005 else f"{number:+.3f}".replace("-", MINUS)


def p_value(cell: Any) -> str:
    """Write a p-value with three decimals, or ``< 0.001``."""
    number = value(cell)
    if math.isnan(number):
        return UNKNOWN
    return "< 0.001" if number < 0.001 else f"{number:.3f}"


def percent(share: Any) -> str:
    """Write a share as a whole percentage: ``61 %``."""
    number = value(share)
    return UNKNOWN if math.isnan(number) else f"{100 * number:.0f}{NARROW}%"


def count(cell: Any) -> str:
    """Write a whole number with narrow spaces between thousands: ``12 345``."""
    number = value(cell)
    return UNKNOWN if math.isnan(number) else f"{round(number):,}".replace(",", NARROW)


def plain(cell: Any) -> str:
    """Write a number with three significant digits, never in powers of ten: ``0.052``, ``184``."""
    number = value(cell)
    if math.isnan(number):
        return UNKNOWN
    if abs(number) >= 100:
        return count(number)
    digits = 2 - math.floor(math.log10(abs(number))) if number else 0
    return f"{number:.{max(digits, 0)}f}"


def duration(cell: Any) -> str:
    """Write seconds as ``3.2 s``, ``4 min 05 s`` or ``1 h 12 min``."""
    number = value(cell)
    if math.isnan(number):
        return UNKNOWN
    if number < 59.95:
        return f"{number:.1f} s"
    minutes, seconds = divmod(round(number), 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s"
    hours, minutes = divmod(round(number / 60), 60)
    return f"{count(hours)} h {minutes:02d} min"
