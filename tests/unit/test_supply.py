"""Where a training gets its batches from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from serflow import network_inputs
from serflow.networks import augmentation, normalisation, objectives, registry, supply
from serflow.networks.augmentation import AUGMENTATIONS
from serflow.networks.determinism import Draws
from serflow.networks.fitting import Material, steps
from serflow.networks.modelfile import Network
from serflow.networks.supply import CHUNK, Resident, Streamed, fits

CPU, META = torch.device("cpu"), torch.device("meta")
SHAPES = {"cnn1d": (4000,), "cnn2d": (24, 20), "cnn_mel": (24, 20)}


def clips(number: int, kind: type = np.float32) -> tuple[np.ndarray, Tensor]:
    values = np.random.default_rng(0).integers(0, 256, (number, 3, 2)).astype(kind)
    return values, torch.arange(number) % 5


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("wanted", [1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_both_ways_give_the_same_batches(kind: type, wanted: int) -> None:
    inputs, labels = clips(3 * CHUNK, kind)
    rows = np.random.default_rng(1).permutation(len(inputs))[:wanted]
    asked = np.random.default_rng(2).choice(rows, 20)
    for way in (Streamed(inputs, labels, CPU), Resident(inputs, labels, rows, CPU)):
        chosen = way.refer(asked)
        assert way.batch(chosen).dtype == torch.float32
        assert np.array_equal(way.batch(chosen).numpy(), inputs[asked])
        assert torch.equal(way.truth(chosen), labels[asked])


def test_what_is_given_to_a_batch_stays_as_it_was() -> None:
    inputs, labels = clips(4)
    resident = Resident(inputs, labels, np.arange(4), CPU)
    chosen = resident.refer(np.arange(4))
    resident.batch(chosen).zero_()
    assert np.array_equal(resident.batch(chosen).numpy(), inputs)


def test_clips_are_read_once_and_only_those_asked_for() -> None:
    inputs, labels = clips(3 * CHUNK)
    read: list[int] = []

    class Watched:
        shape = inputs.shape

        def __getitem__(self, rows: Any) -> np.ndarray:
            read.extend(rows)
            assert len(rows) <= CHUNK
            return inputs[rows]

    rows = np.arange(0, len(inputs), 2)
    Resident(Watched(), labels, rows, CPU)
    assert sorted({*read}) == rows.tolist()
    assert len(read) <= len(rows) + 1


@pytest.mark.parametrize(
    ("needed", "free", "fitting"),
    [(4, 8, True), (5, 8, False), (1, 0, False), (10**10, 24 * 10**9, True)],
)
def test_half_of_the_free_memory_is_the_network_s(needed: int, free: int, fitting: bool) -> None:
    assert fits(needed, free) is fitting


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_bytes_are_counted_as_stored_of_the_rows_in_use(
    monkeypatch: pytest.MonkeyPatch, kind: type
) -> None:
    inputs, labels = clips(40, kind)
    needed = 10 * 6 * np.dtype(kind).itemsize
    for free, way in ((2 * needed, Resident), (2 * needed - 1, Streamed)):
        monkeypatch.setattr(supply, "free_bytes", lambda device, free=free: free)
        assert type(supply.supply(inputs, labels, np.arange(10), CPU)) is way


def test_on_the_cpu_batches_are_read_from_the_stored_arrays() -> None:
    assert type(supply.supply(*clips(4), np.arange(4), CPU)) is Streamed


def crossings(family: str, preprocessing: dict[str, Any], **changes: Any) -> list[str]:
    """Take three steps on torch's device without data; return what crossed to it or from it."""
    settings = {
        "family": family,
        "channels": [4, 6],
        "dropout": 0.5,
        "batch_size": 4,
        "augmentation": "none",
        "class_weights": "none",
        "label_smoothing": 0.1,
        "mixup": 0,
        **changes,
    }
    inputs, labels = np.zeros((10, *SHAPES[family]), np.float32), torch.arange(10) % 3
    network = Network(
        module=registry.build(settings, 3, SHAPES[family]).to(META),
        classes=["a", "b", "c"],
        preprocessing=preprocessing,
        settings=settings,
        input_shape=SHAPES[family],
    )
    material = Material(
        Resident(inputs, labels, np.arange(10), META),
        np.arange(10),
        np.arange(0),
        objectives.objective(settings, labels, 3),
        augmentation.parse(settings["augmentation"], network_inputs.kind(settings)),
    )
    optimizer = torch.optim.AdamW(network.module.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=3)
    chosen = material.supply.refer(np.arange(10))
    # Draws on the device, whose generators torch lets stand on the CPU for the one without data.
    draws = Draws(torch.Generator(), torch.Generator())
    with Crossings() as watched:
        logits = steps(network, material, chosen, optimizer, schedule, draws)
    assert (logits.device, logits.shape) == (META, (10, 3))
    return watched.seen


@pytest.mark.parametrize(
    ("family", "name"),
    [
        (family, name)
        for family in SHAPES
        for name in ("none", *AUGMENTATIONS[network_inputs.kind({"family": family})])
    ],
)
def test_no_step_waits_for_the_device_or_copies_to_it(family: str, name: str) -> None:
    """On torch's device without data: what reads a value back fails, copies to it are counted."""
    image = normalisation.fit("image", np.zeros((1, 2, 2)), np.arange(1))
    assert crossings(family, image, augmentation=name) == []


def test_no_step_with_mixup_copies_to_the_device() -> None:
    assert crossings("cnn2d", {"kind": "clip"}, mixup=0.4) == []


def test_class_weights_are_copied_once() -> None:
    assert len(crossings("cnn2d", {"kind": "clip"}, class_weights="balanced")) == 1


def test_crossings_are_seen() -> None:
    with Crossings() as crossings:
        torch.zeros(2).to(META)
        torch.empty(2, device=META).copy_(torch.zeros(2))
    assert len(crossings.seen) == 2
    with pytest.raises(NotImplementedError):
        torch.zeros(2, device=META).cpu()
    with pytest.raises(RuntimeError):
        float(torch.zeros(1, device=META))


class Crossings(TorchDispatchMode):
    """Keeps the operations whose tensors lie on several devices."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(
        self, operation: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        result = operation(*args, **(kwargs or {}))
        tensors = torch.utils._pytree.tree_leaves((args, kwargs, result))
        if len({tensor.device for tensor in tensors if isinstance(tensor, Tensor)}) > 1:
            self.seen.append(str(operation))
        return result
