"""The configuration: typed, completed and checked by its JSON Schema before anything else happens.

The schema is the only place where keys, types, ranges, defaults and descriptions stand. Blocks that
depend on a choice (the corpus' adapter, a model's family, the protocol's type) are written there as
``allOf: [{if: {properties: {<key>: {const: <value>}}}, then: {...}}]``, which this module follows
too.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from serflow.errors import UserError

Schema = dict[str, Any]
Path_ = tuple[str | int, ...]

_WORDS = {
    "object": "a block of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}

SCHEMA = Path(__file__).parents[1] / "schemas" / "config.schema.yaml"


def load_schema(path: str | Path = SCHEMA) -> Schema:
    """Read a JSON Schema that is written as YAML."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    schema: Schema = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=loader)
    return schema


def complete(
    config: Mapping[str, Any],
    schema: Schema | None = None,
    notices: list[str] | None = None,
) -> dict[str, Any]:
    """Return `config` typed by the schema, with every default filled in, and checked.

    Parameters
    ----------
    config
        The merged configuration. Values given on the command line arrive as strings (``"3"``,
        ``"true"``); they become what the schema says, so that the same value never looks changed.
    schema
        The JSON Schema; by default the project's.
    notices
        Gets a sentence for each key that belongs to another choice (``folds`` when the protocol is
        ``loso``). Such keys are left over when one key of a file is overridden, so they are
        dropped, not refused.

    Returns
    -------
    A new dict of plain strings, numbers, booleans, lists and dicts.

    Raises
    ------
    UserError
        One message that lists every mistake: the key by name, what was given and what is wanted. An
        unknown key names the nearest known one.
    """
    schema = load_schema() if schema is None else schema
    mistakes: list[str] = []
    typed = _complete(config, schema, (), mistakes, [] if notices is None else notices)
    if not mistakes:
        validator = Draft202012Validator(schema)
        errors = sorted(
            validator.iter_errors(typed), key=lambda error: str(list(error.absolute_path))
        )
        mistakes = list(dict.fromkeys(_say(leaf) for error in errors for leaf in _leaves(error)))
    if mistakes:
        raise UserError(
            "the configuration cannot be used:\n" + "\n".join(f"  - {m}" for m in mistakes)
        )
    assert isinstance(typed, dict)
    return typed


def applicable(schema: Schema, value: Mapping[str, Any]) -> Schema:
    """Return `schema` with the properties of those ``if``/``then`` parts that `value` chooses."""
    merged = {**schema, "properties": dict(schema.get("properties", {}))}
    merged["required"] = list(schema.get("required", []))
    for part in schema.get("allOf", []):
        [(key, condition)] = part["if"]["properties"].items()
        if value.get(key) == condition["const"]:
            merged["properties"].update(part["then"].get("properties", {}))
            merged["required"] += part["then"].get("required", [])
    return merged


def choices(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Yield (key, value, schema) of each part of `schema` that depends on a choice."""
    for part in schema.get("allOf", []):
        [(key, condition)] = part["if"]["properties"].items()
        yield key, condition["const"], part["then"]


def _complete(
    value: Any, schema: Schema, path: Path_, mistakes: list[str], notices: list[str]
) -> Any:
    if "properties" in schema and isinstance(value, Mapping):
        return _complete_object(value, schema, path, mistakes, notices)
    if isinstance(schema.get("additionalProperties"), dict) and isinstance(value, Mapping):
        inner = schema["additionalProperties"]
        return {
            str(key): _complete(item, inner, (*path, str(key)), mistakes, notices)
            for key, item in value.items()
        }
    if "items" in schema and isinstance(value, list | tuple):
        return [
            _complete(item, schema["items"], (*path, i), mistakes, notices)
            for i, item in enumerate(value)
        ]
    typed = _typed(value, schema)
    if isinstance(typed, float) and not math.isfinite(typed):
        # JSON Schema lets them through every range.
        mistakes.append(f"{_name(path)}: {typed} was given, wanted is {_wanted(schema)}")
    return typed


def _complete_object(
    value: Mapping[str, Any], schema: Schema, path: Path_, mistakes: list[str], notices: list[str]
) -> dict[str, Any]:
    chosen = applicable(schema, value)
    known = chosen["properties"]
    elsewhere: dict[str, list[str]] = {}
    for chooser, choice, part in choices(schema):
        for key in part.get("properties", {}):
            elsewhere.setdefault(key, []).append(f"`{chooser}: {choice}`")
    for key in value:
        if key in known:
            continue
        if key in elsewhere:
            owners = " and ".join(elsewhere[key])
            notice = f"{_name((*path, key))} is not used: it belongs to {owners}"
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.8)
            if near:
                notice += f" (is {_name((*path, near[0]))} meant?)"
            notices.append(notice)
        else:
            mistakes.append(_unknown(str(key), known, path))
    # A choice that is missing or wrong makes every other finding about its block noise.
    for key in chosen["required"]:
        if key not in value:
            mistakes.append(f"{_name((*path, key))} is missing: {_wanted(known.get(key, {}))}")
    completed = {}
    for key, inner in known.items():
        if key in value:
            completed[key] = _complete(value[key], inner, (*path, key), mistakes, notices)
        elif "default" in inner:
            completed[key] = _complete(inner["default"], inner, (*path, key), mistakes, notices)
    return completed


def _typed(value: Any, schema: Schema) -> Any:
    """Turn a string of the command line into the first of the schema's types that it reads as."""
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _typed_number(value, types)
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    for kind in types:
        if kind == "null" and word in ("null", "none", "~"):
            return None
        if kind == "boolean" and word in ("true", "false"):
            return word == "true"
        if kind in ("integer", "number"):
            try:
                return _typed_number(float(word), types)
            except ValueError:
                continue
    return value


def _typed_number(value: float, types: list[str]) -> float | str:
    if "number" in types:
        return float(value) if "integer" not in types else value
    if "integer" in types:
        return int(value) if isinstance(value, float) and value.is_integer() else value
    # Names may look like numbers: a speaker 3, a folder 2024.
    return str(value) if "string" in types else value


def _unknown(key: str, known: Mapping[str, Any], path: Path_) -> str:
    message = f"{_name((*path, key))} is not a key that SERflow knows"
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    if near:
        return f"{message}; the nearest is {_name((*path, near[0]))}"
    return f"{message}; known here: {', '.join(sorted(known))}"


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Follow errors of conditional parts down to the ones that say what is wrong."""
    if error.context:
        for inner in error.context:
            yield from _leaves(inner)
    else:
        yield error


def _say(error: ValidationError) -> str:
    wanted = _wanted(error.schema if isinstance(error.schema, dict) else {})
    name = _name(tuple(error.absolute_path))
    return f"{name}: {_show(error.instance)} was given, wanted is {wanted}"


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def allowed(schema: Mapping[str, Any]) -> str:
    """Say in words which values a schema allows: ``a whole number, at least 1``."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    types = schema.get("type", "string" if "pattern" in schema else [])
    kinds = [types] if isinstance(types, str) else types
    return "; or ".join(_allowed_type(kind, schema) for kind in kinds) or "a value"


def _allowed_type(kind: str, schema: Mapping[str, Any]) -> str:
    parts = [_WORDS[kind]]
    if kind == "string":
        form = schema.get("pattern", "")
        plain = re.fullmatch(r"\^\(([\w|]+)\)\$", form)
        if plain:
            return "one of " + plain[1].replace("|", ", ")
        parts += [f"of the form `{form}`"] if form else []
        parts += ["not empty"] if "minLength" in schema else []
    if kind in ("integer", "number"):
        parts += [f"{words} {schema[key]}" for key, words in _BOUNDS.items() if key in schema]
    if kind == "array":
        fewest, most = schema.get("minItems"), schema.get("maxItems")
        if fewest is not None and fewest == most:
            parts.append(f"of {fewest} entries")
        else:
            parts += [f"of at least {fewest}"] if fewest else []
            parts += [f"of at most {most}"] if most else []
        parts += ["none twice"] if schema.get("uniqueItems") else []
        parts += [f"each {allowed(schema['items'])}"] if "items" in schema else []
    if kind == "object" and "minProperties" in schema:
        parts.append("not empty")
    return ", ".join(parts)


def _wanted(schema: Mapping[str, Any]) -> str:
    description = schema.get("description")
    return allowed(schema) + (f" ({' '.join(description.split())})" if description else "")


def _name(path: Path_) -> str:
    """Write a key's path as in the configuration: ``models.svm_sc.C``, ``features.bands[0]``."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return f"`{name}`" if name else "the configuration"
