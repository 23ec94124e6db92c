"""docs/reliability.md: every row's tests are there, and its messages are the code's."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for table in re.findall(r"^\| .* \| tests \|\n\|[-|]*\|\n((?:\| .*\n)*)", PAGE, re.MULTILINE)
    for line in table.splitlines()
]
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
# A message in the column of what happens: in backticks behind "refused: " or beside such a one.
MESSAGE = re.compile(r"`([^`]*)`")


def functions_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def messages() -> str:
    """Return all texts of the library, one a line, with N for what is filled in and for digits."""
    found = []
    for path in sorted((ROOT / "workflow" / "serflow").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else "N" for part in node.values
                ]
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return re.sub(r"\d+", "N", "\n".join(found))


def test_there_are_rows_and_each_has_three_cells() -> None:
    assert len(ROWS) > 40
    assert all(len(row) == 3 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_tests_are_there(row: list[str]) -> None:
    named = NAMED.findall(row[2])
    assert named, row
    for file, test in named:
        (path,) = (ROOT / "tests").rglob(file)
        assert test in functions_of(path), f"{file} has no {test}"


def test_its_messages_are_those_of_the_code() -> None:
    told = messages()
    for _, happens, _ in ROWS:
        refused = re.search(r"(refused[^:;]*|at once|message): (.*)", happens)
        for message in MESSAGE.findall(refused[2]) if refused else []:
            # What else stands there in backticks is a file or a key.
            if " " in message and not message.startswith(("clips:", "protocol")):
                assert re.sub(r"\d+", "N", message) in told, message
