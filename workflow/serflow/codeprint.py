"""Fingerprints of code, so that an edit to a library module makes the rules stale that use it.

Snakemake tracks a rule's script file alone, not what the script imports. The fingerprint of a
script covers every module of the package that it imports, directly or through others. It is taken
over the syntax tree without docstrings, so comments, layout and documentation cost no rerun.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

LIBRARY = Path(__file__).parent


def codeprint(script: str | Path, library: Path = LIBRARY, apart: Collection[str] = ()) -> str:
    """Return a fingerprint (12 hexadecimal digits) of the library code that `script` uses.

    Parameters
    ----------
    script
        A Python file. It is not part of the fingerprint itself: Snakemake watches it already.
    library
        The package's folder.
    apart
        Modules, as ``sound/images.py``, that the script imports for something else than its
        outputs: neither they count nor what is imported through them alone.
    """
    digest = hashlib.sha256()
    for module in sorted(modules(Path(script), library, apart)):
        digest.update(module.relative_to(library).as_posix().encode())
        digest.update(_module(module, library).meaning)
    return digest.hexdigest()[:12]


def fileprint(*paths: str | Path) -> str:
    """Return a fingerprint (12 hexadecimal digits) of what the files at `paths` hold."""
    digest = hashlib.sha256()
    for path in paths:
        content = Path(path).read_bytes()
        digest.update(f"{len(content)} ".encode() + content)
    return digest.hexdigest()[:12]


def modules(script: Path, library: Path = LIBRARY, apart: Collection[str] = ()) -> set[Path]:
    """Return the files of the package that `script` imports, directly or through others.

    Files of `apart` are passed over.
    """
    passed = {library / name for name in apart}
    found: set[Path] = set()
    waiting = [_imports(_tree(script), script, library)]
    while waiting:
        for module in waiting.pop():
            if module not in found and module not in passed:
                found.add(module)
                waiting.append(_module(module, library).imports)
    return found


class _Module(NamedTuple):
    imports: tuple[Path, ...]
    meaning: bytes


@cache
def _module(path: Path, library: Path) -> _Module:
    """Return what a module of the library imports and means; its syntax tree is not kept."""
    tree = _tree(path)
    return _Module(_imports(tree, path, library), ast.dump(tree).encode())


def _tree(path: Path) -> ast.Module:
    """Return the module's syntax tree without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for node in _statements(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
    return tree


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the tree and all statements in it, which is a tenth of the nodes of `ast.walk`."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, block, None)
            # Of a lambda and of `x if y else z` it is one expression, which holds no statement.
            if isinstance(inside, list):
                waiting += inside


def _imports(tree: ast.Module, path: Path, library: Path) -> tuple[Path, ...]:
    return tuple(file for name in _names(tree, path, library) for file in _files(name, library))


def _names(tree: ast.Module, path: Path, library: Path) -> Iterator[str]:
    """Yield dotted names that `path` may import; imports inside functions count too."""
    package = library.name
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                if library not in path.parents:
                    continue  # a user's own file, beside others of the user's
                folder = path.parents[node.level - 1]
                inside = (package, *folder.relative_to(library).parts)
                base = ".".join([*inside, *([base] if base else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _files(name: str, library: Path) -> Iterator[Path]:
    """Yield the files that importing the dotted `name` runs: packages on the way, the module."""
    first, *rest = name.split(".")
    if first != library.name:
        return
    folder = library
    yield library / "__init__.py"
    for part in rest:
        module = folder / f"{part}.py"
        folder = folder / part
        if module.is_file():
            yield module
            return
        if not (folder / "__init__.py").is_file():
            return
        yield folder / "__init__.py"
