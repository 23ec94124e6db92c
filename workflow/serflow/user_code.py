"""Python files that a user wrote: executed, and their mistakes told in words."""

from __future__ import annotations

import ast
import difflib
import sys
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from serflow.errors import UserError


def execute(path: str | Path, key: str) -> ModuleType:
    """Execute a Python file and return its module.

    It is compiled anew each time: Python's cache tells two versions apart by size and whole
    seconds only.

    Parameters
    ----------
    path
        The file.
    key
        The configuration's key that names it, for messages.

    Raises
    ------
    UserError
        If there is no such file, or it cannot be executed.
    """
    file = Path(path)
    if not file.is_file():
        raise UserError(f"{path}: there is no such Python file; set {key} to its path")
    module = ModuleType(f"serflow_user_{file.stem}")
    module.__file__ = str(path)
    # Where dataclasses and pickle look for the module of a class.
    sys.modules[module.__name__] = module
    try:
        exec(compile(file.read_bytes(), str(path), "exec"), module.__dict__)
    except Exception as error:
        raise UserError(f"{path}: cannot be executed: {told(error, path)}") from error
    return module


def mistakes(keys: str, file: str, what: str, name: str) -> Iterator[str]:
    """Yield what can be seen to be wrong with a file before it is executed.

    Parameters
    ----------
    keys
        The block that names the file: ``models.mine``.
    file
        Value of its key `file`.
    what, name
        The other key and its value: what has to be in the file.
    """
    if not Path(file).is_file():
        yield (
            f"`{keys}.file`: there is no file {file} in {Path.cwd()}, where Snakemake was started; "
            "give the path from there"
        )
        return
    try:
        tree = ast.parse(Path(file).read_bytes(), file)
    except (SyntaxError, ValueError) as error:
        yield f"`{keys}.file`: {file} is not Python: {told(error, file)}"
        return
    names = set(_bound(tree.body))
    if name in names or "*" in names:
        return
    near = difflib.get_close_matches(name, names, n=1)
    found = f"the nearest is {near[0]}" if near else f"it has {listed(names)}"
    yield f"`{keys}.{what}`: {file} does not define {name}; {found}"


def listed(names: Iterable[str]) -> str:
    """Write names in a row; of none, ``nothing``."""
    return ", ".join(sorted(names)) or "nothing"


def _bound(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that a module's statements may bind, ``*`` where nobody can tell."""
    for node in statements:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield inner.name
            elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id
            elif isinstance(inner, ast.alias):
                yield (inner.asname or inner.name).partition(".")[0]


def told(error: BaseException, path: str | Path) -> str:
    """Say what went wrong and in which line of the user's file: ``KeyError: 'x' (line 12)``."""
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg} (line {error.lineno})"
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return f"{type(error).__name__}: {error}" + (f" (line {lines[-1]})" if lines else "")
