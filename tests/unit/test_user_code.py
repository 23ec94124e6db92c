"""Python files of a user's: executed as they are now, their mistakes told in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from serflow.errors import UserError
from serflow.user_code import execute, mistakes

FILE = """\
import numpy as np
from math import sqrt as root

if True:
    def first(): ...
else:
    def second(): ...

third = fourth = None

class Fifth:
    def method(self): ...
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    return str(path)


@pytest.mark.parametrize("name", ["np", "root", "first", "second", "third", "fourth", "Fifth"])
def test_what_a_file_defines(file: str, name: str):
    assert list(mistakes("models.m", file, "class", name)) == []


def test_what_it_does_not_define(file: str):
    [told] = mistakes("models.m", file, "class", "Fift")
    assert told == f"`models.m.class`: {file} does not define Fift; the nearest is Fifth"
    [told] = mistakes("models.m", file, "class", "method")
    assert "does not define method" in told


def test_names_that_only_execution_can_tell(tmp_path: Path):
    path = tmp_path / "star.py"
    path.write_text("from os.path import *\n")
    assert list(mistakes("models.m", str(path), "class", "join")) == []


def test_no_such_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    [told] = mistakes("features.custom.f", "none.py", "function", "f")
    assert told.startswith(f"`features.custom.f.file`: there is no file none.py in {tmp_path}")
    with pytest.raises(UserError, match=r"none\.py: there is no such Python file; set `file`"):
        execute("none.py", "`file`")


def test_a_file_that_is_not_python(tmp_path: Path):
    path = tmp_path / "broken.py"
    path.write_text("def f(:\n")
    [told] = mistakes("models.m", str(path), "class", "f")
    assert "is not Python: SyntaxError: invalid syntax (line 1)" in told
    with pytest.raises(UserError, match=r"cannot be executed: SyntaxError: .* \(line 1\)"):
        execute(path, "`file`")


def test_a_file_that_fails_tells_its_line(tmp_path: Path):
    path = tmp_path / "fails.py"
    path.write_text("a = 1\n\ndef f():\n    return {}['x']\n\nf()\n")
    with pytest.raises(UserError, match=r"cannot be executed: KeyError: 'x' \(line 4\)"):
        execute(path, "`file`")


def test_an_edit_of_the_same_size_and_second_counts(tmp_path: Path):
    path = tmp_path / "mine.py"
    for value in (1, 2):
        path.write_text(f"VALUE = {value}\n")
        os.utime(path, (1_000_000, 1_000_000))
        module = execute(path, "`file`")
        assert value == module.VALUE


def test_dataclasses_find_their_module(tmp_path: Path):
    path = tmp_path / "data.py"
    path.write_text(
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "from typing import ClassVar\n\n@dataclass\nclass A:\n"
        "    b: ClassVar[int] = 1\n    c: int = 2\n"
    )
    assert execute(path, "`file`").A().c == 2
