"""How names, lists and prose are written in the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.report import text


class TestText:
    @pytest.mark.parametrize(
        ("write", "cell", "told"),
        [
            (text.feature, "sbe", "spectral band energy (SBE)"),
            (text.feature, "mfcc12", "12 MFCCs"),
            (text.feature, "mfcc12stats", "statistics of 12 MFCCs"),
            (text.augmentation, "time_shift+noise", "time shift + noise"),
        ],
    )
    def test_name(self, write: Callable[[str], str], cell: str, told: str) -> None:
        assert write(cell) == told

    def test_prose(self) -> None:
        assert text.joined(["a", "b", "c"]) == "a, b and c"
        assert text.joined(["a"]) == "a"
        assert text.counted(1, "speaker") == "1 speaker"
        assert text.counted(2, "speaker") == "2 speakers"

    def test_outline(self) -> None:
        told = text.outline({"a": {"b": [1, 2], "c": None}, "d": "x", "e": "", "f": {}})
        assert told == 'a:\n  b: [1, 2]\n  c: null\nd: x\ne: ""\nf: {}'

    @given(st.text(st.characters(codec=None)))
    def test_printable_can_always_be_written(self, name: str) -> None:
        [cleaned] = text.printable([name])
        assert cleaned.encode("utf-8").decode("utf-8") == cleaned
        assert len(cleaned) == len(name)
        assert text.printable(cleaned) == cleaned

    @pytest.mark.parametrize(
        "mark", list("\x00\x07\x1b\x7f\x85\u2028\ud800\ufffe\u200f\u202e\u2066")
    )
    def test_what_is_not_to_be_shown(self, mark: str) -> None:
        assert text.printable({"a": [f"x{mark}y"]}) == {"a": ["x\ufffdy"]}

    @pytest.mark.parametrize("name", ["a\tb\nc", "غضب", "כעס", "怒り", "😀", "ä", "<b>"])
    def test_what_is_shown_as_it_is(self, name: str) -> None:
        assert text.printable(name) == name
