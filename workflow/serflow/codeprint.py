"""Fingerprints of code, so that an edit to a library module makes the rules stale that use it.

Snakemake tracks a rule's script file alone, not what the script imports. The fingerprint of a
script covers every module of the package that it imports, directly or through others. It is taken
over the syntax tree without docstrings, so comments, layout and documentation cost no rerun.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from serflow import codeprint_cache
from serflow.codeprint_cache import Cache, place

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
        digest.update(_read(module, library).meaning.encode())
    _cache(place()).save()
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
    waiting = [script]
    while waiting:
        for module in _read(waiting.pop(), library).imports:
            if module not in found and module not in passed:
                found.add(module)
                waiting.append(module)
    return found


class _Code(NamedTuple):
    imports: tuple[Path, ...]
    meaning: str


@cache
def _read(path: Path, library: Path) -> _Code:
    """Return what a file of code imports of the library, and a digest of what it means."""
    content = path.read_bytes()
    # Relative imports mean by the place what they mean.
    inside = path.relative_to(library).as_posix() if library in path.parents else ""
    made_from = (_reader(), f"{library.name}/{inside}".encode(), content)
    key = hashlib.sha256(b"\0".join(made_from)).hexdigest()[:32]
    kept = _cache(place())
    if (entry := kept.get(key)) is None:
        tree = _tree(content, path)
        meaning = hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:32]
        entry = (tuple(dict.fromkeys(_names(tree, path, library))), meaning)
        kept.put(key, entry)
    names, meaning = entry
    return _Code(tuple(file for name in names for file in _files(name, library)), meaning)


@cache
def _reader() -> bytes:
    """Return what reads code and keeps it: two files, and a Python that has its own trees."""
    files = (Path(__file__), Path(codeprint_cache.__file__))
    return b"\0".join([sys.version.encode(), *(path.read_bytes() for path in files)])


# Of a path, so that a cache folder that is named later is looked into.
_cache = cache(Cache)


def _tree(content: bytes, path: Path) -> ast.Module:
    """Return the module's syntax tree without docstrings."""
    tree = ast.parse(content, str(path))
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
