"""Configuration files as they stand on disk: what is lost once they have been read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from serflow.errors import UserError


def check(path: str | Path) -> None:
    """Refuse a file that is no block of keys, or that gives a key twice.

    YAML's reader takes the last of two equal keys and says nothing, so half of what somebody wrote
    would not count.

    Raises
    ------
    UserError
        With the line and, where there is one, the key.
    """
    text = _text(path)
    try:
        # JSON first, as Snakemake does: not all of it is YAML.
        value = json.loads(text, object_pairs_hook=lambda pairs: _pairs(path, pairs))
    except (ValueError, RecursionError):
        _check_yaml(path, text)
    else:
        if not isinstance(value, dict):
            raise _no_block(path)


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(
            f"{Path(path).absolute()}: the configuration file cannot be read ({error.strerror}); "
            "name one that is there with `--configfile`"
        ) from None
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: the configuration file is not UTF-8 text ({error}); save it as UTF-8"
        ) from None


def _pairs(path: str | Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise UserError(f"{path}: the key `{key}` is given twice; delete one of the two")
    return dict(pairs)


def _check_yaml(path: str | Path, text: str) -> None:
    try:
        # Not the loader in C, which a deeply nested text makes crash.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise UserError(
            f"{path}{line}: not YAML ({error.problem or error.context}); correct the line or the "
            "one before it: keys of one block stand under each other, and spaces, not tabs, are "
            "before them"
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise UserError(f"{path}: not YAML ({' '.join(str(error).split())}); correct it") from None
    if not isinstance(root, yaml.MappingNode):
        raise _no_block(path)
    for name, first, again in _twice(root):
        raise UserError(
            f"{path}, line {again}: the key `{name}` is given twice, before in line {first}; "
            "delete one of the two"
        )


def _no_block(path: str | Path) -> UserError:
    return UserError(
        f"{path}: empty, or no block of keys; wanted are keys with their values, such as "
        "`shards: 4` (all of them: docs/configuration.md)"
    )


def _twice(root: yaml.Node) -> Iterator[tuple[str, int, int]]:
    """Yield each key that its block has already: its path, the first line and the other."""
    waiting: list[tuple[str, yaml.Node]] = [("", root)]
    # By an alias a block may stand in many places, even in itself.
    known: set[int] = set()
    while waiting:
        name, node = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [(f"{name}[{i}]", item) for i, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            continue
        lines: dict[str, int] = {}
        for key, item in node.value:
            inner = f"{name}.{key.value}" if name else str(key.value)
            waiting.append((inner, item))
            line = key.start_mark.line + 1
            # Blocks may be merged into one by several `<<`.
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in lines:
                    yield inner, lines[key.value], line
                lines[key.value] = line
