"""The page docs/configuration.md, written from the configuration's schema.

``python -m serflow.configuration_docs`` prints it; ``make docs`` puts it into its place.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from serflow.configuration import Schema, allowed, choices, load_schema

# Longer regular expressions tell nobody anything; the key's meaning says in words what they allow.
LONGEST_FORM = 40
# Of so many choices the keys that nearly all have are listed once.
MANY = 5

INTRODUCTION = """\
# Configuration

<!-- Written by `make docs` from workflow/schemas/config.schema.yaml; edit the schema instead. -->

## How a configuration is chosen

- Without options `config/config.yaml` is read: the demonstration.
- `--configfile FILE` reads that file *instead*: it stands alone, and what it does not name has the
  default given below. `config/ravdess.yaml`, `config/folder.yaml` and `config/sheet.yaml` are
  examples to copy. Of several files the later ones are merged into the first.
- `--config KEY=VALUE` merges into the file, for one run: blocks key by key, at any depth; a list or
  a single value takes the place of the file's. Nested keys are written as JSON or YAML:
  `--config 'models={"svm_sc": {"C": 1}}'`. What a file names cannot be taken away in this
  way (a model, for example): copy the file for that.

Everything is checked before anything runs. Values become what the schema says: `"3"` from the
command line and `3` in a file are the same. A key that is not listed here is refused, and the
nearest known one is named; so is a key that stands twice in a file. A key that belongs to another
choice (`folds` when the protocol is `loso`) is not used, and a notice says so. `snakemake -n` tells
what a changed key makes stale; [reruns.md](reruns.md) lists it.

## Examples

**Your own recordings**, in folders named for their labels, with the speaker in front of the file
name (`wavs/Angry/anna_03.wav`). Save as `mine.yaml`, run
`snakemake --cores 8 report --configfile mine.yaml`:

```yaml
corpus:
  name: mine
  adapter: folder
  path: wavs
  speaker: "([^/_]+)_[^/]*$"
protocol:
  type: loso
```

**One changed key**, looked at before it is run: which jobs would another penalty cost?

```sh
snakemake -n report --config 'models={"svm_sc": {"C": 1}}'
```

**A search over settings**, by an inner cross-validation on the training speakers, and a 2D
network with three augmentations over three seeds, on RAVDESS:

```yaml
corpus:
  name: ravdess
  adapter: ravdess
models:
  svm_best:
    family: svm
    features: [sbe, sc+sbw+sbe, mfcc10, mfcc12, mfcc20]
    C: [0.1, 1, 10, 100]
    kernel: [rbf, linear]
  cnn2d:
    family: cnn2d
    epochs: 30
    augmentations: [none, time_shift, masks, time_shift+noise]
protocol:
  type: group-k-fold
  folds: 6
seeds: [0, 1, 2]
```
"""


def page(schema: Schema | None = None) -> str:
    """Return docs/configuration.md.

    Blocks come in the schema's order. The keys of a choice (an adapter, a family, a protocol) stand
    under a heading of their own; keys that are no block stand together at the end.
    """
    schema = load_schema() if schema is None else schema
    blocks = {key: inner for key, inner in schema["properties"].items() if _is_block(inner)}
    single = {key: inner for key, inner in schema["properties"].items() if key not in blocks}
    parts = [INTRODUCTION, "\n".join(_index(blocks, single))]
    parts.append("## Keys\n\nA key without a default must be given.\n")
    for key, inner in blocks.items():
        parts.append("\n".join(_block(key, inner)))
    others = _table("", single, schema.get("required", []))
    parts.append("\n".join(["### Other keys", "", *others]))
    return "\n".join(parts)


def _index(blocks: Mapping[str, Schema], single: Mapping[str, Schema]) -> Iterator[str]:
    """Yield the list of all keys, each a link to its row."""
    yield from ("## All keys, to find one", "")
    for key, schema in blocks.items():
        named = schema.get("additionalProperties")
        inner = named if isinstance(named, dict) else schema
        yield f"- [`{key}`](#{key}): {_links(key, inner['properties'])}"
        parts = [(f"{chooser}: {choice}", choice, part) for chooser, choice, part in choices(inner)]
        shared = _shared([part for _, _, part in parts])
        if shared:
            first = next(
                choice for _, choice, part in parts if set(shared) <= set(part["properties"])
            )
            yield f"  - of nearly all of them: {_links(f'{key}.{first}', shared)}"
        for name, choice, part in parts:
            own = [inner for inner in part["properties"] if inner not in shared]
            heading = re.sub(r"[^\w\- ]", "", name).replace(" ", "-")
            more = f": {_links(f'{key}.{choice}', own)}" if own else ""
            yield f"  - [`{name}`](#{heading}){more}"
    yield f"- [Other keys](#other-keys): {_links('', single)}"
    yield ""


def _shared(parts: Sequence[Schema]) -> list[str]:
    """Return the keys that stand in all but at most two of many choices."""
    if len(parts) < MANY:
        return []
    counts = Counter(key for part in parts for key in part["properties"])
    return [key for key, count in counts.items() if count >= len(parts) - 2]


def _links(place: str, keys: Iterable[str]) -> str:
    return ", ".join(f"[`{key}`](#{_anchor(place, key)})" for key in keys)


def _anchor(place: str, key: str) -> str:
    return f"{place}.{key}" if place else f"key.{key}"


def _is_block(schema: Schema) -> bool:
    return "properties" in schema or isinstance(schema.get("additionalProperties"), dict)


def _block(key: str, schema: Schema) -> Iterator[str]:
    yield from (f"### `{key}`", "", _one_line(schema["description"]), "")
    if schema.get("default"):
        yield from (f"Default: `{_flow(schema['default'])}`", "")
    named = schema.get("additionalProperties")
    if isinstance(named, dict):
        yield from (f"Each entry is `{key}.NAME`, with these keys:", "")
        schema = named
    yield from _table(key, schema["properties"], schema.get("required", []))
    for chooser, choice, part in choices(schema):
        yield from (f"#### `{chooser}: {choice}`", "")
        yield from _table(f"{key}.{choice}", part["properties"], part.get("required", []))


def _table(place: str, properties: Mapping[str, Schema], required: list[str]) -> Iterator[str]:
    yield "| Key | Value | Default | Meaning |"
    yield "|---|---|---|---|"
    yield from _rows(place, "", properties, required)
    yield ""


def _rows(
    place: str, prefix: str, properties: Mapping[str, Schema], required: list[str]
) -> Iterator[str]:
    for key, schema in properties.items():
        named = schema.get("additionalProperties")
        inner = schema.get("properties", {})
        # Of a block within a block the keys' own defaults are told.
        default = "" if inner else "(none)" if key in required else f"`{_flow(schema['default'])}`"
        name = f'<a id="{_anchor(place, prefix + key)}"></a>`{prefix}{key}`'
        cells = [name, _value(schema), default, _one_line(schema["description"])]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield from _rows(place, f"{prefix}{key}.", inner, schema.get("required", []))
        if isinstance(named, dict) and "properties" in named:
            inside = f"{prefix}{key}.NAME."
            yield from _rows(place, inside, named["properties"], named["required"])


def _value(schema: Schema) -> str:
    told = dict(schema)
    if "items" in told:
        told["items"] = _without_long_form(told["items"])
    return allowed(_without_long_form(told))


def _without_long_form(schema: Schema) -> Schema:
    form = schema.get("pattern", "")
    return {k: v for k, v in schema.items() if k != "pattern" or len(form) <= LONGEST_FORM}


def _flow(value: Any) -> str:
    """Write a value as YAML in one line; JSON's quotes around plain words are left away."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and value:
        return value
    return json.dumps(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.stdout.write(page())
