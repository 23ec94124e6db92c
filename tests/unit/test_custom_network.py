"""Networks that a user's own Python file defines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from serflow.errors import UserError
from serflow.networks import custom, modelfile, registry

HEAD = """\
import torch
from torch import nn


class Other(nn.Module):
    pass


"""
NET = """\
class Net(nn.Module):
    def __init__(self, n_classes, input_shape, hidden=3):
        super().__init__()
        [samples] = input_shape
        self.layers = nn.Sequential(
            nn.Linear(samples, hidden), nn.BatchNorm1d(hidden), nn.Linear(hidden, n_classes)
        )

    def forward(self, clips):
        return self.layers(clips)
"""
INIT = "class Net(nn.Module):\n    def __init__(self, n_classes, input_shape):\n"
OUTPUT = (
    f"{INIT}        super().__init__()\n        self.layer = nn.Linear(8, n_classes)\n\n"
    "    def forward(self, clips):\n        return "
)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python file beside which one stands."""
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(HEAD + NET)
    return Path("mine.py")


def settings(**more: Any) -> dict[str, Any]:
    return {"family": "custom", "file": "mine.py", "class": "Net", "options": {}, **more}


def test_it_is_made_with_its_options_and_ready_to_train(mine: Path):
    torch.manual_seed(0)
    network = registry.build(settings(options={"hidden": 5}), 4, (8,))
    assert network.training
    # The trial has moved no running mean.
    assert network.layers[1].num_batches_tracked == 0
    assert network(torch.zeros(3, 8)).shape == (3, 4)
    assert sum(weights.numel() for weights in network.parameters()) == 8 * 5 + 5 + 10 + 5 * 4 + 4


def test_the_trial_draws_nothing(mine: Path):
    torch.manual_seed(0)
    custom.network_class(mine, "Net")(4, (8,))
    wanted = torch.rand(1)
    torch.manual_seed(0)
    registry.build(settings(), 4, (8,))
    assert torch.rand(1) == wanted


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "class Net(nn.Module):\n    def __init__(self, n_classes):\n        pass\n",
            r"Net\(4, \(8,\)\) cannot be made: TypeError: .*; the class is called with the number",
        ),
        (
            f"{INIT}        super().__init__()\n        self.x = input_shape[1]\n",
            r"Net\(4, \(8,\)\) cannot be made: IndexError: .* \(line 12\); the class",
        ),
        (
            f"{OUTPUT}self.layer(clips[:, :5])\n",
            r"fails on a batch of shape \(2, 8\): RuntimeError: .* \(line 15\); its `forward`",
        ),
        (
            f"{OUTPUT}self.layer(clips)[0]\n",
            r"returns shape \(4,\) for 2 clips, wanted is \(2, 4\): one row a clip, one logit",
        ),
        (f"{OUTPUT}self.layer(clips)[:, :1]\n", r"returns shape \(2, 1\) for 2 clips"),
        (f"{OUTPUT}self.layer(clips).argmax(1)\n", "returns a tensor of int64, wanted is a tensor"),
        (f"{OUTPUT}(self.layer(clips), clips)\n", "returns an object of type tuple, wanted is"),
        (
            f"{OUTPUT.replace('self.layer =', 'layer =')}clips[:, :4]\n",
            "has nothing to train; keep layers as attributes",
        ),
        ("Net = 3\n", r"no network 'Net' is in it, .*; it has Other\. Set `class`"),
    ],
    ids=["arguments", "init", "forward", "row", "column", "integers", "tuple", "empty", "class"],
)
def test_what_cannot_be_trained_is_told_before(mine: Path, body: str, told: str):
    mine.write_text(HEAD + body)
    with pytest.raises(UserError, match=rf"^mine\.py: .*({told})"):
        registry.build(settings(), 4, (8,))


def test_a_model_file_loads_with_the_python_file_alone(mine: Path, tmp_path: Path):
    module = registry.build(settings(), 2, (8,))
    made = modelfile.Network(
        module=module,
        classes=["a", "b"],
        preprocessing={"kind": "training", "mean": 0.0, "deviation": 1.0},
        settings=settings(members=1),
        input_shape=(8,),
    )
    modelfile.save(tmp_path / "m.safetensors", made, {})
    # Whatever lies where the training found the file is not executed.
    mine.rename("moved.py")
    mine.write_text("raise SystemExit('executed')\n")
    with pytest.raises(UserError, match=r"its network is defined by mine\.py, which would be exec"):
        modelfile.load(tmp_path / "m.safetensors")
    loaded, _ = modelfile.load(tmp_path / "m.safetensors", "moved.py")
    clips = torch.from_numpy(np.arange(16, dtype=np.float32).reshape(2, 8))
    assert torch.equal(loaded.module.eval()(clips), module.eval()(clips))


def test_weights_of_another_version_of_the_file_are_refused(mine: Path, tmp_path: Path):
    made = modelfile.Network(
        registry.build(settings(), 2, (8,)), ["a", "b"], {}, settings(members=1), (8,)
    )
    modelfile.save(tmp_path / "m.safetensors", made, {})
    mine.write_text(HEAD + NET.replace("hidden=3", "hidden=4"))
    with pytest.raises(UserError, match="its weights do not fit the custom"):
        modelfile.load(tmp_path / "m.safetensors", mine)
