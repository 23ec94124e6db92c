"""Networks as ONNX say what torch says: every family, normalisation, ensemble and unit."""

from __future__ import annotations

import builtins
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from small_networks import CLASSES, FAMILIES, MORE, TRAINING, clips, network, temper

from serflow.errors import UserError
from serflow.export import check
from serflow.export import graph as graphs
from serflow.export.check import TOLERANCE, answers, chosen, compare
from serflow.export.graph import OPSET, graph
from serflow.networks import registry
from serflow.networks.modelfile import Network, predict


def test_all_families_are_there() -> None:
    assert set(FAMILIES) == set(registry.FAMILIES)


@pytest.mark.parametrize("name", [*FAMILIES, *MORE])
def test_onnx_says_what_torch_says(name: str) -> None:
    options, shape = {**FAMILIES, **MORE}[name]
    asked = network(name.partition(",")[0], options, shape)
    inputs = clips(shape)
    temper(asked, inputs)
    wanted = predict(asked, inputs)
    assert np.ptp(wanted, axis=0).max() > 0.01
    assert wanted.max() < 0.999
    # Of any number of clips, not only of as many as were traced.
    for said, rows in zip(answers(graph(asked, {}), inputs, inputs[:1]), (5, 1), strict=True):
        assert said.shape == (rows, len(CLASSES))
        np.testing.assert_allclose(said, wanted[:rows], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    "preprocessing",
    [
        {"kind": "image", "scale": 255.0, "mean": 0.5, "std": 0.5},
        {"kind": "offset", "scale": 1.0, "mean": 1000.0, "std": 100.0},
        {"kind": "bands", "scale": 1.0, "mean": [[1.0]] * 24, "std": [[500.0 + 9]] * 24},
        {"kind": "clip"},
        {"kind": "rms"},
        {"kind": "speaker"},
    ],
    ids=lambda value: value["kind"],
)
def test_the_normalisation_is_inside(preprocessing: dict[str, Any]) -> None:
    options, shape = FAMILIES["cnn2d"]
    asked = network("cnn2d", options, shape, preprocessing)
    inputs = clips(shape)
    # What divides by a level must survive silence.
    inputs[0] = 0
    (said,) = answers(graph(asked, {}), inputs)
    np.testing.assert_allclose(said, predict(asked, inputs), atol=1e-5)


def test_an_ensemble_is_one_graph() -> None:
    options, shape = FAMILIES["cnn2d"]
    asked = network("cnn2d", options, shape, members=3)
    inputs = clips(shape)
    (said,) = answers(graph(asked, {}), inputs)
    np.testing.assert_allclose(said, predict(asked, inputs), atol=1e-5)
    alone = Network(asked.module.members[0], CLASSES, TRAINING, asked.settings, shape)
    assert np.abs(said - predict(alone, inputs)).max() > 0.01


@pytest.mark.parametrize("members", [1, 2])
def test_an_estimate_is_in_its_unit(members: int) -> None:
    options, shape = FAMILIES["cnn2d"]
    asked = network("cnn2d", options, shape, target="level", members=members)
    for layer in asked.module.modules():
        if hasattr(layer, "factor"):
            layer.offset.fill_(50)
            layer.factor.fill_(20)
    inputs = clips(shape)
    (said,) = answers(graph(asked, {}), inputs)
    assert said.shape == (5,)
    assert np.abs(said - 50).max() < 40
    np.testing.assert_allclose(said, predict(asked, inputs), rtol=1e-5)


def test_the_file_tells_what_it_is_and_no_more() -> None:
    options, shape = FAMILIES["cnn2d"]
    about = {"labels": ["Wütend", "a|b"], "corpus": "c", "settings": {"family": "cnn2d"}}
    content = graph(network("cnn2d", options, shape), about)
    assert content == graph(network("cnn2d", options, shape), dict(reversed(about.items())))
    model = onnx.load_from_string(content)
    told = {one.key: one.value for one in model.metadata_props}
    assert list(told) == ["corpus", "labels", "settings"]
    assert json.loads(told["labels"]) == about["labels"]
    assert [one.version for one in model.opset_import] == [OPSET]
    axes = model.graph.input[0].type.tensor_type.shape.dim
    assert [one.dim_param or one.dim_value for one in axes] == ["clips", *shape]
    # No place on this machine, which the exporter writes beside operators where it is asked to.
    assert not any(node.doc_string for node in model.graph.node)
    assert str(Path(__file__).parents[2]).encode() not in content


def test_the_check_finds_another_network_and_other_predictions() -> None:
    options, shape = FAMILIES["cnn2d"]
    asked = network("cnn2d", options, shape)
    other = network("cnn2d", options, shape, {**TRAINING, "mean": 100.0})
    inputs, content = clips(shape), graph(asked, {})
    stored = predict(asked, inputs)
    row = compare("fold0_seed0", content, asked, inputs, stored + 1e-3)
    assert (row["clips"], row["alike"]) == (5, 5)
    assert row["difference"] < 1e-5
    assert row["stored_difference"] == pytest.approx(1e-3, rel=1e-2)
    with pytest.raises(UserError, match=r"fold0_seed0.onnx.*than torch does of 5 real clips"):
        compare("fold0_seed0", content, other, inputs, stored)
    with pytest.raises(UserError, match="not of one run"):
        compare("fold0_seed0", content, asked, inputs, stored + 0.02)
    with pytest.raises(UserError, match="not of one run"):
        compare("fold0_seed0", content, asked, inputs, stored * np.nan)


def test_clips_are_spread_over_all() -> None:
    assert chosen(100, 3).tolist() == [0, 50, 99]
    assert chosen(3, 32).tolist() == [0, 1, 2]


class _Stubborn(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(3))

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        torch.linalg.eigh(batch[:, :3, :3] + torch.eye(3))
        return torch.linalg.eigh(batch[:, :3, :3] + torch.eye(3))[0]


def test_a_network_that_onnx_cannot_say_is_told_in_words() -> None:
    asked = Network(_Stubborn(), CLASSES, TRAINING, {"family": "custom", "target": None}, (9, 9))
    with pytest.raises(UserError, match=r"this custom cannot be written as ONNX: .*forward"):
        graph(asked, {})


@pytest.mark.parametrize(("package", "module"), [("onnx", graphs), ("onnxruntime", check)])
def test_a_missing_package_is_named_with_its_extra(
    package: str, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name == package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return original(name, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", without)
        with pytest.raises(UserError, match=rf"the package {package}, .*extra `export`"):
            importlib.reload(module)
    importlib.reload(module)
