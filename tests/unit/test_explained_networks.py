"""Explanations of a network's surest answers, of a network whose weights are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from small_trainings import SIGNALS
from torch import nn

from serflow.explanations import attributions
from serflow.explanations.networks import explain
from serflow.networks.modelfile import Network

WEIGHTS = [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]


def row(clip: str, label: str, predicted: str, *p: float) -> dict[str, str]:
    shares = dict(zip(("p_A", "p_B", "p_C"), map(str, p), strict=True))
    return {"clip": clip, "label": label, "predicted": predicted, "speaker": "s", **shares}


def test_the_label_said_is_explained_against_its_rival(monkeypatch: pytest.MonkeyPatch) -> None:
    module = nn.Linear(2, 3)
    with torch.no_grad():
        module.weight.copy_(torch.tensor(WEIGHTS))
    kept = {"kind": "training", "scale": 1.0, "mean": 0.0, "std": 2.0}
    network = Network(module, ["A", "B", "C"], kept, SIGNALS, (2,))
    # The one that has learned nothing would be built anew by its family.
    blank = Network(nn.Linear(2, 3), network.classes, kept, SIGNALS, (2,))
    monkeypatch.setattr(attributions, "untrained", lambda _: blank)
    inputs = np.array([[4.0, 6.0], [2.0, -8.0]], np.float32)
    rows = [row("one", "A", "A", 0.5, 0.3, 0.2), row("two", "C", "B", 0.1, 0.7, 0.2)]
    found = explain(network, inputs, rows)
    # A less B of the first clip; B less C, its true label, of the second. Normalised they are half.
    np.testing.assert_allclose(found.values, [[2, -3], [0, -4]], atol=1e-5)
    assert found.facts["clips"] == [
        {"clip": "one", "label": "A", "predicted": "A", "rival": "B", "probability": 0.5},
        {"clip": "two", "label": "C", "predicted": "B", "rival": "C", "probability": 0.7},
    ]
    assert found.facts["gap"] == pytest.approx(0, abs=1e-5)
    assert -1 <= found.facts["untrained"] <= 1
    first, second = found.drawn
    assert first["input"].tolist() == [4, 6]
    assert first["input"].dtype == np.float64
    assert second["attributions"].tolist() == found.values[1].tolist()
