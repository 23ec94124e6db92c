"""The commands and programs that the pages of the documentation show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "config/README.md")),
        *(ROOT / "docs").glob("*.md"),
    ]
)
# A page whose every block is done in its order by a test of its own.
FOLLOWED = {"docs/adding-a-model.md": "tests/workflow/test_adding_a_model.py"}
# What a block may be called; `sh` and `python` are run, the others show something.
# What is Snakemake's stands in docs/module.md, whose test is test_module.py.
KINDS = {"sh", "python", "snakemake", "yaml", "text", "diff", ""}

# Those in lists are indented.
_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<kind>[^\n]*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_PROGRAM = re.compile(r"(?:snakemake|make|pytest|python -m \w+|[A-Z_]+=\S+ pytest) ")
_OPTION = re.compile(r"(?<!\S)--[a-z][\w-]*")


@dataclass(frozen=True)
class Shown:
    """Something that a page shows: a command, or the text of a block.

    Attributes
    ----------
    page
        Path below the project's root.
    line
        Number of the block's first line in the page.
    text
        A command in one line without its comment, or a block's text.
    """

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


def pages() -> list[Path]:
    """Return the pages that are there and are read here."""
    return [page for page in PAGES if page.exists() and _name(page) not in FOLLOWED]


def blocks(kind: str | None = None) -> Iterator[tuple[str, Shown]]:
    """Yield kind and content of the fenced blocks of all pages; of one kind only, if given."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for block in _BLOCK.finditer(text):
            if kind in (None, block["kind"]):
                line = text.count("\n", 0, block.start("text")) + 1
                yield block["kind"], Shown(_name(page), line, dedent(block["text"]))


def commands() -> list[Shown]:
    """Return the commands of all `sh` blocks, one each, without comments."""
    found = []
    for _, block in blocks("sh"):
        for command in lines(block.text):
            found.append(Shown(block.page, block.line, command))
    return found


def lines(text: str) -> Iterator[str]:
    """Yield the commands of a shell block: continued lines joined, comments left out."""
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if command := _without_comment(line).strip():
            yield command


def spans() -> list[Shown]:
    """Return the commands in running text, where they are more than a program's name."""
    return [span for span in _code() if _PROGRAM.match(span.text)]


def options() -> list[str]:
    """Return the long options that are named in running text."""
    return sorted({name for span in _code() for name in _OPTION.findall(span.text)})


def _code() -> list[Shown]:
    """Return what is set as code in running text.

    Not that of docs/decisions.md, which tells of what was decided against as well.
    """
    found = []
    for page in pages():
        if page.name == "decisions.md":
            continue
        text = page.read_text(encoding="utf-8")
        prose = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
        for span in _SPAN.finditer(prose):
            line = prose.count("\n", 0, span.start()) + 1
            found.append(Shown(_name(page), line, span[1]))
    return found


def _without_comment(line: str) -> str:
    """Cut a line at the first `#` that begins a word outside quotes."""
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and (at == 0 or line[at - 1].isspace()):
            return line[:at]
    return line


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()
