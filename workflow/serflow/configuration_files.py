"""Configuration files as they stand on disk: what is lost once they have been read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from serflow.errors import UserError

# What the reader's constructors let out of `2026-99-99`, `!!int abc`, `!!bool abc` and the like.
_IMPOSSIBLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
# Tags of `<<` and `=`, which have a meaning in a block of keys alone.
_OF_BLOCKS = ("tag:yaml.org,2002:merge", "tag:yaml.org,2002:value")


def check(path: str | Path) -> None:
    """Refuse a file that is no block of keys, gives a key twice, or holds what cannot be read.

    YAML's reader takes the last of two equal keys and says nothing, so half of what somebody wrote
    would not count; of values that it cannot make, Snakemake would show the places in its code.

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
        raise _not_yaml(path, error) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise UserError(f"{path}: not YAML ({' '.join(str(error).split())}); correct it") from None
    if not isinstance(root, yaml.MappingNode):
        raise _no_block(path)
    holder = _holds_itself(root)
    if holder is not None:
        raise UserError(
            f"{path}, line {holder.start_mark.line + 1}: this block holds itself, by an alias "
            "(`*name`) of its own anchor (`&name`); write out what is meant"
        )
    for name, first, again in _twice(root):
        raise UserError(
            f"{path}, line {again}: the key `{name}` is given twice, before in line {first}; "
            "delete one of the two"
        )
    _check_values(path, text, root)


def _not_yaml(path: str | Path, error: yaml.MarkedYAMLError) -> UserError:
    mark = error.problem_mark or error.context_mark
    line = f", line {mark.line + 1}" if mark else ""
    return UserError(
        f"{path}{line}: not YAML ({error.problem or error.context}); correct the line or the "
        "one before it: keys of one block stand under each other, and spaces, not tabs, are "
        "before them"
    )


def _check_values(path: str | Path, text: str, root: yaml.Node) -> None:
    """Refuse values that are well-formed but cannot be made, such as a day in month 99."""
    loader = yaml.SafeLoader("")
    try:
        for node in _nodes(root):
            if isinstance(node, yaml.ScalarNode) and node.tag not in _OF_BLOCKS:
                _check_value(path, loader, node)
        yaml.safe_load(text)
    except yaml.constructor.ConstructorError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise UserError(
            f"{path}{line}: cannot be read ({error.problem or error.context}); correct the line: "
            "keys are words, values numbers, text, lists and blocks of keys, without `!tags`"
        ) from None
    except (yaml.YAMLError, *_IMPOSSIBLE) as error:
        raise UserError(f"{path}: not YAML ({' '.join(str(error).split())}); correct it") from None


def _check_value(path: str | Path, loader: yaml.SafeLoader, node: yaml.ScalarNode) -> None:
    try:
        loader.construct_object(node)
    except _IMPOSSIBLE as error:
        # yaml tells the line only of what it refuses itself.
        raise UserError(
            f"{path}, line {node.start_mark.line + 1}: `{node.value}` cannot be read as "
            f"{node.tag.rpartition(':')[2]} ({error}); correct it, or put it in quotes if it is "
            "text"
        ) from None


def _inside(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Yield every node once, also where aliases put it in several places."""
    waiting, known = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        yield node
        new = [one for one in _inside(node) if id(one) not in known]
        known.update(map(id, new))
        waiting += new


def _holds_itself(root: yaml.Node) -> yaml.Node | None:
    """Return a block that is somewhere in itself; None if there is none."""
    open_blocks: set[int] = set()
    done: set[int] = set()
    # Twice on the pile: to begin with, and, when all that is in it was looked at, to end with.
    waiting = [(root, True)]
    while waiting:
        node, begins = waiting.pop()
        if not begins:
            open_blocks.discard(id(node))
            done.add(id(node))
        elif id(node) in open_blocks:
            return node
        elif id(node) not in done:
            open_blocks.add(id(node))
            waiting.append((node, False))
            waiting += [(one, True) for one in _inside(node)]
    return None


def _no_block(path: str | Path) -> UserError:
    return UserError(
        f"{path}: empty, or no block of keys; wanted are keys with their values, such as "
        "`shards: 4` (all of them: docs/configuration.md)"
    )


def _twice(root: yaml.Node) -> Iterator[tuple[str, int, int]]:
    """Yield each key that its block has already: its path, the first line and the other."""
    waiting: list[tuple[str, yaml.Node]] = [("", root)]
    # By an alias a block may stand in many places.
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
            # A key that is a list or a block is refused later.
            word = key.value if isinstance(key, yaml.ScalarNode) else "?"
            inner = f"{name}.{word}" if name else word
            waiting.append((inner, item))
            line = key.start_mark.line + 1
            # Blocks may be merged into one by several `<<`.
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in lines:
                    yield inner, lines[key.value], line
                lines[key.value] = line
