"""The configuration: typed, completed, checked; every mistake told by key."""

from __future__ import annotations

import contextlib
import copy
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from serflow.configuration import allowed, applicable, choices, complete, load_schema
from serflow.errors import UserError

SCHEMA = load_schema()
DEMO = {"corpus": {"name": "demo", "adapter": "demo"}}


def mistakes(config: Any) -> list[str]:
    with pytest.raises(UserError) as caught:
        complete(config, SCHEMA)
    first, *rest = str(caught.value).split("\n")
    assert first == "the configuration cannot be used:"
    return [line.removeprefix("  - ") for line in rest]


def with_model(**settings: Any) -> dict[str, Any]:
    return {**DEMO, "models": {"one": settings}}


def as_strings(value: Any) -> Any:
    """Return what Snakemake makes of nested values of the command line."""
    if isinstance(value, dict):
        return {key: as_strings(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_strings(inner) for inner in value]
    return value if isinstance(value, str) else json.dumps(value)


def test_the_smallest_configuration_gets_every_default():
    done = complete(DEMO)
    assert set(done) == set(SCHEMA["properties"])
    assert done["corpus"] == {
        "name": "demo",
        "adapter": "demo",
        "licence": None,
        "citation": None,
        "speakers": 12,
        "intensities": 2,
        "repetitions": 1,
        "rate": 22050,
        "seed": 0,
    }
    assert done["spectrogram"] == {
        "n_fft": 16384,
        "hop_seconds": 0.015,
        "n_mels": 3401,
        "frames": 200,
        "keep": True,
        "power": 2.0,
    }
    assert done["features"]["bands"][0] == [300, 627]
    assert done["models"]["svm_mfcc12"] == {
        "family": "svm",
        "features": "mfcc12",
        "C": 10,
        "kernel": "rbf",
        "scaling": "standard",
        "inner_folds": 4,
    }


@pytest.mark.parametrize("file", ["config", "ravdess", "folder", "sheet"])
def test_the_files_load_without_a_notice(root: Path, file: str):
    notices: list[str] = []
    read = yaml.safe_load((root / "config" / f"{file}.yaml").read_text(encoding="utf-8"))
    done = complete(read, notices=notices)
    assert notices == []
    assert complete(done) == done
    assert complete(as_strings(done)) == done


def test_what_is_given_is_neither_changed_nor_shared():
    config = {**DEMO, "seeds": ["1", "2"]}
    before = copy.deepcopy(config)
    complete(config, SCHEMA)["features"]["bands"].append("poison")
    assert config == before
    assert "poison" not in complete(config, SCHEMA)["features"]["bands"]


@pytest.mark.parametrize(
    ("given_", "typed"),
    [
        ({"shards": "3"}, 3),
        ({"shards": "3.0"}, 3),
        ({"shards": 3.0}, 3),
        ({"seeds": ["0", 7]}, [0, 7]),
        ({"device": "cpu"}, "cpu"),
        ({"spectrogram": {"keep": "False"}}, False),
        ({"spectrogram": {"hop_seconds": "1e-2"}}, 0.01),
        ({"report": {"title": 2024}}, "2024"),
        ({"models": {"m": {"family": "svm", "features": "sc", "C": "1"}}}, 1.0),
        ({"models": {"m": {"family": "svm", "features": "sc", "C": [1, "10"]}}}, [1.0, 10.0]),
        ({"models": {"m": {"family": "svm", "features": "sc", "kernel": "rbf"}}}, "rbf"),
        ({"models": {"m": {"family": "cnn1d", "rate": "null"}}}, None),
        ({"models": {"m": {"family": "cnn1d", "rate": "8000"}}}, 8000),
        ({"protocol": {"type": "speakers", "test_speakers": [[1, "02"]]}}, [["1", "02"]]),
    ],
)
def test_values_become_what_the_schema_says(given_: dict[str, Any], typed: Any):
    found: Any = complete({**DEMO, **given_}, SCHEMA)
    path: Any = given_
    while isinstance(path, dict):
        key = list(path)[-1]
        found, path = found[key], path[key]
    assert found == typed
    assert type(found) is type(typed)


def test_a_folder_may_be_called_like_a_number_or_nothing():
    folder = {"name": "x", "adapter": "folder", "path": "2024", "speaker": "null"}
    done = complete({"corpus": folder}, SCHEMA)["corpus"]
    assert (done["path"], done["speaker"], done["labels"]) == ("2024", None, None)
    ravdess = {"name": "x", "adapter": "ravdess", "path": 2024}
    assert complete({"corpus": ravdess}, SCHEMA)["corpus"]["path"] == "2024"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "shards": st.integers(1, 1000),
            "seeds": st.lists(st.integers(0, 9), min_size=1, unique=True),
            "spectrogram": st.fixed_dictionaries(
                {}, optional={"hop_seconds": st.floats(1e-4, 1), "keep": st.booleans()}
            ),
            "protocol": st.fixed_dictionaries(
                {"type": st.sampled_from(["loso", "group-k-fold", "given"])},
                optional={"validation": st.floats(0, 0.5)},
            ),
        },
    )
)
def test_completing_twice_and_from_strings_changes_nothing(part: dict[str, Any]):
    done = complete({**DEMO, **part}, SCHEMA)
    assert complete(done, SCHEMA) == done
    assert complete(as_strings({**DEMO, **part}), SCHEMA) == done


@pytest.mark.parametrize(
    ("config", "key", "nearest"),
    [
        ({**DEMO, "shard": 3}, "`shard`", "`shards`"),
        ({**DEMO, "spectrogram": {"nfft": 3}}, "`spectrogram.nfft`", "`spectrogram.n_fft`"),
        (with_model(family="cnn1d", epoch=3), "`models.one.epoch`", "`models.one.epochs`"),
        (
            {"corpus": {"name": "r", "adapter": "ravdess", "archive": {"md": ""}}},
            "`corpus.archive.md`",
            "`corpus.archive.md5`",
        ),
    ],
)
def test_an_unknown_key_names_the_nearest(config: Any, key: str, nearest: str):
    assert mistakes(config) == [f"{key} is not a key that SERflow knows; the nearest is {nearest}"]


def test_an_unknown_key_without_a_neighbour_lists_the_known():
    [told] = mistakes({**DEMO, "images": {"qqq": 1}})
    assert told == "`images.qqq` is not a key that SERflow knows; known here: log_offset, power"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, "`corpus` is missing"),
        ({"corpus": {"adapter": "demo"}}, "`corpus.name` is missing"),
        ({"corpus": {"name": "x"}}, "`corpus.adapter` is missing: one of demo, ravdess, folder"),
        ({"corpus": {"name": "x", "adapter": "folder"}}, "`corpus.path` is missing: text (The"),
        (with_model(C=1), "`models.one.family` is missing: one of svm, mlp_wave, cnn1d"),
        (with_model(family="svm"), "`models.one.features` is missing: text of"),
        ({**DEMO, "protocol": {"type": "speakers"}}, "`protocol.test_speakers` is missing"),
    ],
)
def test_a_missing_key_is_named_with_what_it_takes(config: Any, told: str):
    [message] = mistakes(config)
    assert message.replace(", of the form", " of").startswith(told)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"corpus": "demo"}, '`corpus`: "demo" was given, wanted is a block of keys'),
        (
            {"corpus": {"name": "x", "adapter": "ravdes"}},
            '`corpus.adapter`: "ravdes" was given, wanted is one of demo, ravdess, folder, sheet',
        ),
        ({"corpus": {"name": "../x", "adapter": "demo"}}, '`corpus.name`: "../x" was given'),
        ({**DEMO, "shards": 0}, "`shards`: 0 was given, wanted is a whole number, at least 1"),
        ({**DEMO, "shards": 2.5}, "`shards`: 2.5 was given, wanted is a whole number"),
        ({**DEMO, "shards": True}, "`shards`: true was given, wanted is a whole number"),
        ({**DEMO, "shards": None}, "`shards`: null was given, wanted is a whole number"),
        ({**DEMO, "seeds": [1, "1"]}, "`seeds`: [1, 1] was given, wanted is a list"),
        ({**DEMO, "models": {}}, "`models`: {} was given, wanted is a block of keys, not empty"),
        ({**DEMO, "models": {"1/": {"family": "cnn1d"}}}, '`models`: "1/" was given, wanted is'),
        (
            {**DEMO, "features": {"bands": [[1, 2], [3]]}},
            "`features.bands[1]`: [3.0] was given, wanted is a list, of 2 entries",
        ),
        (
            {**DEMO, "features": {"types": ["sc+sbw"]}},
            '`features.types[0]`: "sc+sbw" was given, wanted is text',
        ),
        (
            {**DEMO, "spectrogram": {"hop_seconds": 0}},
            "`spectrogram.hop_seconds`: 0.0 was given, wanted is a number, more than 0, at most 1",
        ),
        (
            with_model(family="svm", features="sc+"),
            '`models.one.features`: "sc+" was given',
        ),
        (
            {**DEMO, "features": {"custom": {"a/b": {"file": "f.py", "function": "f"}}}},
            '`features.custom`: "a/b" was given, wanted is text',
        ),
        (
            {**DEMO, "features": {"custom": {"own": {"file": "f.py"}}}},
            "`features.custom.own.function` is missing: text, not empty (Function in `file`",
        ),
        (
            with_model(family="svm", features="sc", kernel="cubic"),
            '`models.one.kernel`: "cubic" was given, wanted is one of rbf, linear, poly, sigmoid',
        ),
        (with_model(family="svm", features="sc", C=[]), "`models.one.C`: [] was given"),
        (with_model(family="svm", features="sc", C="ten"), '`models.one.C`: "ten" was given'),
        (
            with_model(family="cnn1d", augmentations=["horizontal_flip"]),
            '`models.one.augmentations[0]`: "horizontal_flip" was given',
        ),
    ],
)
def test_a_wrong_value_is_told_by_key(config: Any, told: str):
    [message] = mistakes(config)
    assert message.startswith(told)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "nan", "-inf", "1e999"])
def test_numbers_are_finite(value: Any):
    [message] = mistakes({**DEMO, "images": {"log_offset": value}})
    assert message.startswith("`images.log_offset`: ")
    assert "wanted is a number, more than 0" in message


def test_all_mistakes_are_told_at_once():
    found = mistakes({**DEMO, "shards": 0, "seeds": [], "evaluation": {"confidence": 2}})
    assert [told.split(":")[0] for told in found] == [
        "`evaluation.confidence`",
        "`seeds`",
        "`shards`",
    ]


def test_a_key_of_another_choice_is_dropped_and_noticed():
    notices: list[str] = []
    done = complete({**DEMO, "protocol": {"type": "loso", "folds": 5}}, SCHEMA, notices)
    assert "folds" not in done["protocol"]
    assert notices == [
        "`protocol.folds` is not used: it belongs to `type: group-k-fold` and `type: random`"
    ]


def test_the_parts_that_depend_on_a_choice():
    corpus = SCHEMA["properties"]["corpus"]
    found = [(key, value) for key, value, _ in choices(corpus)]
    assert found == [("adapter", name) for name in ("demo", "ravdess", "folder", "sheet")]
    chosen = applicable(corpus, {"adapter": "folder"})
    assert set(chosen["properties"]) == {
        *("name", "adapter", "licence", "citation"),
        *("path", "speaker", "label", "labels"),
    }
    assert chosen["required"] == ["name", "adapter", "path"]
    assert corpus["required"] == ["name", "adapter"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "a value"),
        ({"enum": ["a", 1]}, "one of a, 1"),
        ({"type": "integer", "minimum": 1, "maximum": 3}, "a whole number, at least 1, at most 3"),
        ({"type": ["number", "null"], "exclusiveMinimum": 0}, "a number, more than 0; or null"),
        ({"type": "string", "pattern": "^(a|b)$"}, "one of a, b"),
        ({"pattern": "^a+$"}, "text, of the form `^a+$`"),
        ({"type": "string", "minLength": 1}, "text, not empty"),
        (
            {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "boolean"}},
            "a list, of 2 entries, each true or false",
        ),
        (
            {"type": "array", "minItems": 1, "uniqueItems": True},
            "a list, of at least 1, none twice",
        ),
    ],
)
def test_what_a_schema_allows_in_words(schema: dict[str, Any], words: str):
    assert allowed(schema) == words


Place = tuple[str, ...]


def leaves(schema: Any, value: dict[str, Any], place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield the place and the schema of each key that applies beside `value`, blocks apart."""
    for key, inner in applicable(schema, value)["properties"].items():
        if "properties" in inner:
            yield from leaves(inner, value.get(key, {}), (*place, key))
        elif not isinstance(inner.get("additionalProperties"), dict):
            yield (*place, key), inner


# What no default fills in.
GIVEN: dict[str, Any] = {
    "path": "wavs",
    "features": "sc",
    "test_speakers": [["1"]],
    "file": "own.py",
    "class": "Net",
    "input": "log_mel",
}


def everything() -> Iterator[tuple[dict[str, Any], Place, Any]]:
    """Yield a configuration, a place in it and its schema, for every key of every choice."""
    top = SCHEMA["properties"]
    for place, schema in leaves(SCHEMA, DEMO):
        if place[0] not in ("corpus", "protocol"):
            yield DEMO, place, schema
    blocks = [("corpus", ("corpus",), top["corpus"], {"name": "x"})]
    blocks += [("protocol", ("protocol",), top["protocol"], {})]
    blocks += [("models", ("models", "m"), top["models"]["additionalProperties"], {})]
    for block, before, schema, also in blocks:
        for chooser, choice, _ in choices(schema):
            chosen = {**also, chooser: choice}
            wanted = applicable(schema, chosen)["required"]
            chosen = {**{key: GIVEN[key] for key in wanted if key not in chosen}, **chosen}
            inside = {"m": chosen} if block == "models" else chosen
            for place, inner in leaves(schema, chosen, before):
                yield {**DEMO, block: inside}, place, inner


EVERYTHING = list(everything())


def wrong_values(schema: Any) -> Iterator[Any]:
    """Yield what a key refuses by its type and its range."""
    types = schema.get("type", "string")
    types = [types] if isinstance(types, str) else types
    if "object" not in types:
        yield {"a": {"block": 1}}
    if "array" not in types:
        yield [[["lists"]]]
    if "array" in types and schema.get("minItems"):
        yield []
    if "string" not in types and "enum" not in schema:
        yield "a word"
    if {"integer", "number"} & {*types}:
        yield from (math.nan, math.inf, "-inf")
        yield from (schema[key] - 1 for key in ("minimum", "exclusiveMinimum") if key in schema)
        yield from (schema[key] + 1 for key in ("maximum", "exclusiveMaximum") if key in schema)
    if "enum" in schema:
        yield "none of them"
    if "null" not in types:
        yield None


def test_every_key_refuses_every_wrong_value_by_its_name():
    """Of every block and every choice: another type, another range, and no number at all."""
    assert len(EVERYTHING) > 300
    for config, place, schema in EVERYTHING:
        for value in wrong_values(schema):
            changed = copy.deepcopy(config)
            block: Any = changed
            for key in place[:-1]:
                block = block.setdefault(key, {})
            block[place[-1]] = value
            with pytest.raises(UserError) as caught:
                complete(changed, SCHEMA)
            assert f"`{'.'.join(place)}" in str(caught.value), (place, value)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted({place[-1] for _, place, _ in EVERYTHING}))
            | st.text(max_size=3)
            | st.integers()
            | st.none(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(sorted(SCHEMA["properties"])), ANYTHING, max_size=3))
def test_anything_is_taken_or_refused_in_words(config: dict[str, Any]):
    """YAML lets keys be numbers or nothing, and values be anything anywhere."""
    with contextlib.suppress(UserError):
        complete({**DEMO, **config}, SCHEMA)
