"""How numbers are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from serflow import numbers


@pytest.mark.parametrize(
    ("write", "cell", "told"),
    [
        (numbers.score, "0.61249", "0.612"),
        (numbers.score, "", "–"),
        (numbers.difference, "-0.0124", "−0.012"),
        (numbers.difference, 0.0124, "+0.012"),
        (numbers.difference, "-0.0004", "0.000"),
        (numbers.p_value, "0.0004", "< 0.001"),
        (numbers.p_value, "0.04", "0.040"),
        (numbers.percent, "0.605", "60\u202f%"),
        (numbers.count, "137991", "137\u202f991"),
        (numbers.count, None, "–"),
        (numbers.plain, "0.05214", "0.0521"),
        (numbers.plain, "3.14159", "3.14"),
        (numbers.plain, "1234.5", "1\u202f234"),
        (numbers.plain, "0", "0"),
        (numbers.duration, "3.21", "3.2 s"),
        (numbers.duration, 59.97, "1 min 00 s"),
        (numbers.duration, 245, "4 min 05 s"),
        (numbers.duration, 4320, "1 h 12 min"),
    ],
)
def test_number(write: Callable[[Any], str], cell: Any, told: str) -> None:
    assert write(cell) == told


def test_interval() -> None:
    assert numbers.interval("0.5", "0.61") == "[0.500, 0.610]"
    assert numbers.interval("-0.5", "0.61", signed=True) == "[−0.500, +0.610]"
    assert numbers.interval("", "0.61") == ""
