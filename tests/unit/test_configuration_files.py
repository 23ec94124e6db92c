"""Configuration files as they stand on disk."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.configuration_files import check
from serflow.errors import UserError

# The file's bytes, and what the message holds.
MISTAKES = {
    "a key twice": (b"shards: 1\nseeds: [0]\nshards: 2\n", ", line 3: the key `shards` .* line 1"),
    "a key twice, once in quotes": (b"shards: 1\n'shards': 2\n", "line 2: the key `shards`"),
    "a model twice": (
        b"models:\n  svm: {C: 1}\n  net: {}\n  svm: {C: 2}\n",
        "line 4: the key `models.svm` is given twice, before in line 2",
    ),
    "a key of a model twice": (
        b"models:\n  svm:\n    C: 1\n    C: 2\n",
        "line 4: the key `models.svm.C`",
    ),
    "a key twice within a list": (b"a:\n- {b: 1, b: 2}\n", r"the key `a\[0\]\.b`"),
    "a key twice in JSON": (b'{"a": {"shards": 1, "shards": 2}}', "the key `shards` is given twi"),
    "nothing": (b"", "empty, or no block of keys"),
    "comments alone": (b"# shards: 4\n", "empty, or no block of keys"),
    "a list": (b"- shards\n- seeds\n", "no block of keys"),
    "text": (b"shards 4\n", "no block of keys"),
    "a list in JSON": (b"[1, 2]", "no block of keys"),
    "a bracket left open": (b"seeds: [0\nshards: 4\n", "line 2: not YAML"),
    "a tab": (b"corpus:\n\tname: x\n", "line 2: not YAML .*spaces, not tabs"),
    "keys that do not stand in line": (b"corpus:\n  name: x\n adapter: demo\n", "line 3: not YAML"),
    "an alias of nothing": (b"seeds: *none\n", "line 1: not YAML .*undefined alias"),
    "two documents": (b"a: 1\n---\nb: 2\n", "line 2: not YAML"),
    "another encoding": ("title: Ä\n".encode("latin-1"), "not UTF-8 text .*save it as UTF-8"),
    "a null character": (b"a: \0\n", "not YAML"),
    "a block in a block in a block": (b"[" * 100_000, "not YAML|no block of keys"),
    "a day that no calendar has": (
        b"shards: 4\nclips: {on_error: 2026-99-99}\n",
        "line 2: `2026-99-99` cannot be read as timestamp .*put it in quotes",
    ),
    "a number that is none": (b"a: 1\nb: !!int abc\n", "line 2: `abc` cannot be read as int"),
    "nothing as a number": (b"a: !!int ''\n", "line 1: `` cannot be read as int"),
    "neither true nor false": (b"a: !!bool abc\n", "line 1: `abc` cannot be read as bool"),
    "no time": (b"a: !!timestamp abc\n", "line 1: `abc` cannot be read as timestamp"),
    "a tag": (b"a: 1\nb: !foo bar\n", "line 2: cannot be read .*'!foo'.*without `!tags`"),
    "a tag of a block": (b"a: !foo {b: 1}\n", "line 1: cannot be read .*'!foo'"),
    "a tag of a list": (b"a: !foo [b, 1]\n", "line 1: cannot be read .*'!foo'"),
    "a list as a key": (b"a: 1\n? [1, 2]\n", "line 2: cannot be read .*unhashable key"),
    "an equals sign": (b"a: =\n", "line 1: cannot be read"),
    "a merge of a number": (b"a: {<<: 1}\n", "line 1: cannot be read .*merging"),
    "a block that holds itself": (
        b"shards: 4\nclips: &a {on_error: *a}\n",
        "line 2: this block holds itself",
    ),
    "a list that holds itself": (b"x: &x [1, {y: *x}]\n", "line 1: this block holds itself"),
    "a key that holds itself": (b"? &x [*x]\n: 1\n", "line 1: this block holds itself"),
}


@pytest.mark.parametrize(("content", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=rf"mine\.yaml.*({words})"):
        check(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no\.yaml: .*No such file.*`--configfile`"):
        check(tmp_path / "no.yaml")
    with pytest.raises(UserError, match=r"cannot be read"):
        check(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "a: {c: 1}\nb: {c: 1}\n",
        "x: &x {a: 1}\ny: &y {b: 1}\nz:\n  <<: *x\n  <<: *y\n  a: 2\n",
        "x: &x {a: [1]}\ny: [*x, {z: *x}, *x]\n",
        "a: 2026-11-20\nb: !!str 2026-99-99\nc: '2026-99-99'\n",
        "\ufeffa: 1\n",
        '{"a": 1,\n\t"b": 2}',
        "? a\n: 1\n",
    ],
)
def test_what_is_no_mistake(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    check(tmp_path / "mine.yaml")


def test_the_files_that_come_along(root: Path) -> None:
    found = sorted((root / "config").rglob("*.yaml"))
    assert found
    for path in found:
        check(path)


@given(st.binary(max_size=40) | st.text("ab:-[]{}&*#?|>'\" \n\t", max_size=40).map(str.encode))
def test_any_bytes_are_taken_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    # What is neither taken nor refused in words has another exception, which ends the test.
    with contextlib.suppress(UserError):
        check(path)


@given(st.dictionaries(st.text(), st.lists(st.integers() | st.text())))
def test_json_is_taken_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, list[object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    check(path)
