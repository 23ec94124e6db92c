"""Schema, configuration files and the page about them hold together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from serflow.configuration import Schema, choices, complete, load_schema
from serflow.configuration_docs import page

SCHEMA = load_schema()


def keys(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema, bool]]:
    """Yield path, schema and whether it must be given, of every key at every depth."""
    parts = [schema, *(part for _, _, part in choices(schema))]
    for part in parts:
        for key, inner in part.get("properties", {}).items():
            yield f"{path}{key}", inner, key in part.get("required", [])
            yield from keys(inner, f"{path}{key}.")
    named = schema.get("additionalProperties")
    if isinstance(named, dict):
        yield from keys(named, f"{path}*.")


def used(config: Any, path: str = "") -> Iterator[str]:
    for key, value in config.items():
        name = "*" if path == "models." else key
        if name != "*":
            yield f"{path}{name}"
        if isinstance(value, dict):
            yield from used(value, f"{path}{name}.")


ALL = list(keys(SCHEMA))


def test_the_page_is_written_from_the_schema(root: Path):
    written = (root / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert written == page(), "run `make docs`"


def test_the_walk_reaches_every_depth():
    names = {name for name, _, _ in ALL}
    assert {"corpus.archive.md5", "models.*.C", "protocol.test_speakers", "seeds"} <= names


@pytest.mark.parametrize(("name", "schema", "required"), ALL, ids=[name for name, _, _ in ALL])
def test_every_key_is_described_and_has_a_default_or_is_required(
    name: str, schema: Schema, required: bool
):
    assert len(schema.get("description", "")) >= 10
    assert schema["description"].endswith((".", ")"))
    assert required != ("default" in schema)
    assert "enum" in schema or "type" in schema


@pytest.mark.parametrize(("name", "schema", "required"), ALL, ids=[name for name, _, _ in ALL])
def test_every_key_is_on_the_page(name: str, schema: Schema, required: bool):
    text = page()
    description = " ".join(schema["description"].split()).replace("|", "\\|")
    assert description in text
    parts = name.replace("*", "NAME").split(".")
    assert any(f"`{'.'.join(parts[at:])}`" in text for at in range(len(parts)))


@pytest.mark.parametrize("file", ["config", "fsdd", "ravdess", "ravdess-zoo", "folder", "sheet"])
def test_the_files_use_known_keys_only(root: Path, file: str):
    read = yaml.safe_load((root / "config" / f"{file}.yaml").read_text(encoding="utf-8"))
    assert set(used(read)) <= {name for name, _, _ in ALL}


def test_every_file_of_the_folder_is_tested(root: Path):
    files = {path.stem for path in (root / "config").glob("*.yaml")}
    assert files == {"config", "fsdd", "ravdess", "ravdess-zoo", "folder", "sheet"}


def test_the_examples_on_the_page_can_be_used(root: Path):
    blocks = re.findall(r"```yaml\n(.*?)```", page(), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        notices: list[str] = []
        complete(yaml.safe_load(block), notices=notices)
        assert notices == []
    given = set(re.findall(r"--config '(\w+)=([^']+)'", page()))
    assert given == {("models", '{"svm_sc": {"C": 1}}')}
    demo = yaml.safe_load((root / "config" / "config.yaml").read_text(encoding="utf-8"))
    for key, value in given:
        for name, settings in json.loads(value).items():
            demo[key][name].update(settings)
    assert complete(demo)["models"]["svm_sc"]["C"] == 1


def test_the_page_tells_values_and_defaults():
    text = page()
    assert "`n_mels` | a whole number, at least 2, at most 16384 | `3401` |" in text
    assert "`family` | one of svm, mlp_wave, cnn1d, " in text
    assert "#### `adapter: folder`" in text
    assert "#### `type: speakers`" in text


def test_the_index_leads_to_every_row():
    text = page()
    index = text[text.index("## All keys") : text.index("## Keys")]
    linked = re.findall(r"\]\(#([^)]+)\)", index)
    rows = re.findall(r'<a id="([^"]+)">', text)
    headings = re.findall(r"^#{3,4} (.*)$", text, re.MULTILINE)
    names = {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in headings}
    assert set(linked) <= {*rows, *names}
    assert len(set(rows)) == len(rows)
    for name in ("corpus.sheet.path", "models.svm.C", "models.gan_cnn2d.gan_epochs", "key.shards"):
        assert name in linked
