"""Markdown (CommonMark with tables) for model cards, in which names stay what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from serflow.characters import cleaned

# An underscore inside a word marks nothing, and names are easier to read without the stroke.
_MARKS = re.compile(r"[\\`*\[\]<>|~$&#{}@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_SPACES = re.compile(r"\s+")
# What would begin a list or a heading at the start of a line.
_BEGINNING = re.compile(r"^([-+=]|\d+(?=[.)]))")


def escaped(text: str) -> str:
    """Return a text on one line that shows its characters and marks nothing."""
    plain = _SPACES.sub(" ", cleaned(text)).strip()
    marked = _MARKS.sub(lambda found: f"\\{found[0]}", plain)
    return _BEGINNING.sub(
        lambda found: f"\\{found[0]}" if not found[0].isdigit() else found[0], marked
    )


def code(text: str) -> str:
    """Return a text as code within a line, whatever it holds."""
    plain = _SPACES.sub(" ", cleaned(text))
    longest = max((len(run) for run in re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    # A stroke would end a table's cell even in code, and only a stroke before it prevents that.
    plain = plain.replace("|", "\\|")
    return f"{fence} {plain} {fence}" if "`" in plain else f"{fence}{plain}{fence}"


def block(text: str, language: str = "") -> str:
    """Return lines as a block of code."""
    plain = cleaned(text).rstrip("\n")
    longest = max((len(run) for run in re.findall("`+", plain)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{plain}\n{fence}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """Return a table of cells that are Markdown already.

    Parameters
    ----------
    columns
        Headings.
    rows
        Cells.
    words
        The first `words` columns are set to the left, the others, numbers, to the right.
    """
    rule = ["---" if place < words else "---:" for place in range(len(columns))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [columns, rule, *rows])


def bullets(items: Iterable[str]) -> str:
    """Return a list of Markdown texts."""
    return "\n".join(f"- {item}" for item in items)


def quote(title: str, text: str) -> str:
    """Return a note that stands out."""
    return f"> **{title}.** {text}"


def header(content: Mapping[str, Any]) -> str:
    """Return the block of YAML that a card begins with, as the Hugging Face hub reads it."""
    told = yaml.safe_dump(_clean(content), sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{told}---"


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _SPACES.sub(" ", cleaned(value)).strip()
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value
