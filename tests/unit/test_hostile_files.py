"""Files made by somebody who means harm: nothing in them is executed, and nothing else is either.

Checkpoints, archives and models have more in `test_checkpoints`, `test_archive` and `test_svm`.
"""

from __future__ import annotations

import ast
import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
import torch
from sklearn.preprocessing import FunctionTransformer

from serflow import rowfiles, svm
from serflow.errors import UserError
from serflow.networks import modelfile
from serflow.networks.arrays import Blocks
from serflow.sound import features

MARK = "executed"


class Bomb:
    """A pickle of it makes the file `MARK` in the working directory when it is loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path(MARK),)


@pytest.fixture(autouse=True)
def unexecuted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand where a bomb would leave its mark, and look that there is none in the end."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not Path(MARK).exists()


def objects() -> np.ndarray:
    return np.array([Bomb()], dtype=object)


def test_the_bomb_works() -> None:
    np.save("a.npy", objects())
    np.load("a.npy", allow_pickle=True)
    Path(MARK).unlink()


def test_an_array_of_objects() -> None:
    np.save("a.npy", objects())
    with pytest.raises(ValueError, match=r"Object arrays cannot be loaded|Python objects"):
        Blocks(["a.npy"])
    assert rowfiles.reading("a.npy", 1, (), np.float32) is None


@pytest.mark.parametrize("kind", [object, np.float32])
def test_features_that_are_objects(kind: type) -> None:
    array = objects() if kind is object else np.zeros((1, 2), kind)
    np.savez("f.npz", X=array, clip=objects(), label=objects(), speaker=objects(), config=objects())
    with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
        features.load("f.npz")


def test_rows_of_another_shape_than_the_header_says() -> None:
    """A header may claim more than any memory holds."""
    content = io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 1 << 20)}
    np.lib.format.write_array_header_1_0(content, header)
    Path("a.npy").write_bytes(content.getvalue())
    assert rowfiles.reading("a.npy", 1, (4,), np.float32) is None
    with pytest.raises(ValueError, match=r"mmap length|too large|array is too big|Maximum allowed"):
        Blocks(["a.npy"])


def test_a_stored_estimator_that_calls_a_function() -> None:
    machine = FunctionTransformer(func=Path.touch, kw_args={"self": Path(MARK)})
    skops.io.dump({"pipeline": machine, "labels": ["a"]}, "m.skops")
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow, it holds .*Path"):
        svm.load("m.skops")


SCHEMA = {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "protocol": 0}


@pytest.mark.parametrize(
    "schema",
    ["", "[]", "{}", "[" * 100_000, json.dumps(SCHEMA), json.dumps({**SCHEMA, "__loader__": "x"})],
    ids=["empty", "list", "no keys", "deep", "a function", "a loader that is none"],
)
def test_a_stored_estimator_of_any_schema(schema: str) -> None:
    with zipfile.ZipFile("m.skops", "w") as file:
        file.writestr("schema.json", schema)
    with pytest.raises(UserError, match=r"m\.skops: not a model of SERflow"):
        svm.load("m.skops")


def safetensors_file(header: bytes, claimed: int | None = None) -> None:
    size = len(header) if claimed is None else claimed
    Path("m.safetensors").write_bytes(struct.pack("<Q", size) + header)


@pytest.mark.parametrize(
    ("header", "claimed"),
    [
        (b"", 0),
        (b"{}", 1 << 62),
        (b"{{{{", None),
        (b"[" * 100_000, None),
        (b'{"w": {"dtype": "F32", "shape": [1099511627776], "data_offsets": [0, 8]}}', None),
        (b'{"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 99999]}}', None),
        (b'{"__metadata__": {"serflow": "{}"}}', None),
    ],
)
def test_a_network_with_a_broken_header(header: bytes, claimed: int | None) -> None:
    safetensors_file(header, claimed)
    with pytest.raises(UserError, match=r"m\.safetensors: not a network of SERflow"):
        modelfile.load("m.safetensors")


def test_a_pickle_in_a_networks_place() -> None:
    torch.save({"state": Bomb()}, "m.safetensors")
    with pytest.raises(UserError, match="not a network of SERflow"):
        modelfile.load("m.safetensors")


DESCRIPTION = {
    "classes": ["a", "b"],
    "preprocessing": {},
    "settings": {"family": "cnn1d"},
    "input_shape": [400],
    "metadata": {},
}


@pytest.mark.parametrize(
    "description",
    [
        "",
        "null",
        "[]",
        "[" * 100_000,
        '{"a":' * 100_000,
        {**DESCRIPTION, "settings": []},
        {**DESCRIPTION, "settings": {}},
        {**DESCRIPTION, "settings": {"family": "os"}},
        {**DESCRIPTION, "settings": {"family": "../../evil"}},
        {**DESCRIPTION, "settings": {"family": "custom", "file": "evil.py", "class": "Net"}},
        {**DESCRIPTION, "settings": {"family": "cnn1d", "channels": [-1]}},
        {**DESCRIPTION, "settings": {"family": "cnn1d", "channels": "many"}},
        {**DESCRIPTION, "input_shape": "abc"},
        {**DESCRIPTION, "classes": 5},
    ],
)
def test_a_network_of_any_description(description: Any) -> None:
    Path("evil.py").write_text(f"open({MARK!r}, 'w')\n", encoding="utf-8")
    text = description if isinstance(description, str) else json.dumps(description)
    safetensors_file(json.dumps({"__metadata__": {"serflow": text}}).encode())
    with pytest.raises(UserError, match=r"m\.safetensors"):
        modelfile.load("m.safetensors")


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call of a Python file with the name that is called: ``np.load``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def python_files(root: Path) -> list[Path]:
    return sorted((root / "workflow").rglob("*.py"))


def said(call: ast.Call, keyword: str) -> str:
    """Return what a call says of a keyword, as it is written."""
    return next((ast.unparse(word.value) for word in call.keywords if word.arg == keyword), "")


# What a call has to say. Anything that is not here is not called at all, see the next test.
SAFELY: dict[str, Callable[[ast.Call], bool]] = {
    "np.load": lambda call: said(call, "allow_pickle") == "False",
    "torch.load": lambda call: said(call, "weights_only") == "True",
    "skops_io.load": lambda call: said(call, "trusted") == "TRUSTED",
    "yaml.load": lambda call: said(call, "Loader") == "loader",
    "yaml.compose": lambda call: said(call, "Loader") == "yaml.SafeLoader",
}


def test_every_file_is_loaded_without_executing_anything(root: Path) -> None:
    found = [
        (name, call) for path in python_files(root) for name, call in calls(path) if name in SAFELY
    ]
    assert {name for name, _ in found} == set(SAFELY)
    for name, call in found:
        assert SAFELY[name](call), ast.unparse(call)
    assert svm.TRUSTED == []


# What would execute what a file holds, or hand a file's name to a shell.
NEVER = re.compile(
    r"(pickle|cPickle|dill|joblib|marshal|shelve|cloudpickle)\.(loads?|Unpickler|open)"
    r"|os\.(system|popen|exec\w+|spawn\w+)|subprocess\.(getoutput|getstatusoutput)"
    r"|eval|exec|compile|(pd|pandas)\.read_pickle"
    r"|yaml\.(unsafe_load|full_load|unsafe_load_all)|jinja2\.Template|extractall|\w+\.extractall"
)
# A network or a feature type of one's own is a Python file: executing it is what it is for.
OWN_CODE = "workflow/serflow/user_code.py"


def test_nothing_is_executed_and_no_shell_is_started(root: Path) -> None:
    for path in python_files(root):
        for name, call in calls(path):
            where = f"{path.relative_to(root).as_posix()}: {ast.unparse(call)}"
            if NEVER.fullmatch(name):
                assert where.startswith(f"{OWN_CODE}: "), where
            if name.startswith("subprocess."):
                # A list of arguments; a text would be a shell's, or split at spaces.
                assert isinstance(call.args[0], ast.List), where
                assert said(call, "shell") in ("", "False"), where


def test_no_rule_makes_a_command_of_names(root: Path) -> None:
    """Each rule calls a script, to which Snakemake hands names as data."""
    for path in [root / "Snakefile", *sorted((root / "rules").glob("*.smk"))]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(shell|run|wrapper|cwl|notebook)\s*:", text, re.MULTILINE), path
        assert "shell(" not in text, path
