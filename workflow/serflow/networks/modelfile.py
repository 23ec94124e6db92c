"""A trained network as a file: weights and all that a prediction depends on, without pickle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import safetensors.torch
import torch
from safetensors import safe_open
from torch import Tensor, nn

from serflow import targets
from serflow.errors import UserError
from serflow.files import replacing
from serflow.networks import normalisation, registry

PREDICTION_BATCH = 64


class Clips(Protocol):
    """Raw clips, ``(clips, …)``: a numpy array, or what gives its rows by an array of indices."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, rows: Any, /) -> np.ndarray: ...


def load_batch(inputs: Clips, rows: np.ndarray, device: torch.device) -> Tensor:
    """Read clips as float32 on their raw scale."""
    return torch.from_numpy(np.asarray(inputs[rows], np.float32)).to(device)


@dataclass
class Network:
    """A network with all that its predictions depend on.

    Attributes
    ----------
    module
        The module.
    classes
        Class names in the order of the module's outputs; of a network that estimates a number, the
        one name of its ``target``.
    preprocessing
        What `serflow.networks.normalisation.apply` takes.
    settings
        The configuration slice that it was built from, with its ``family``.
    input_shape
        Shape of one clip.
    """

    module: nn.Module
    classes: list[str]
    preprocessing: dict[str, Any]
    settings: dict[str, Any]
    input_shape: tuple[int, ...]

    def outputs(self, batches: Iterable[Tensor]) -> Tensor:
        """Evaluate batches of raw clips on the module's device, where the outputs stay."""
        self.module.eval()
        with torch.inference_mode():
            normal = (normalisation.apply(batch, self.preprocessing) for batch in batches)
            return torch.cat([self.module(batch) for batch in normal])


def predict(network: Network, inputs: Clips, rows: np.ndarray | None = None) -> np.ndarray:
    """Predict clips.

    Parameters
    ----------
    network
        As `load` gives it.
    inputs
        Raw clips, ``(clips, …)`` of the network's ``input_shape``; see
        `serflow.networks.training.train`. Of a network with ``normalisation: speaker`` they are
        those of `serflow.networks.speakers.SpeakerStandardised`.
    rows
        Indices of the clips to predict; all when not given.

    Returns
    -------
    numpy.ndarray
        float64 probabilities, ``(clips, classes)``; of a network with a ``target`` its estimates,
        ``(clips,)``, in the unit of the column.

    Raises
    ------
    UserError
        If the clips have another shape than those of the training.
    """
    if tuple(inputs.shape[1:]) != network.input_shape:
        raise UserError(
            f"the network was trained on clips of shape {network.input_shape} and got "
            f"{tuple(inputs.shape[1:])}; prepare the clips as its settings say"
        )
    estimating = targets.of(network.settings) is not None
    if rows is None:
        rows = np.arange(inputs.shape[0])
    if not len(rows):
        return np.empty(0 if estimating else (0, len(network.classes)))
    device = next(network.module.parameters()).device
    starts = range(0, len(rows), PREDICTION_BATCH)
    batches = (load_batch(inputs, rows[at : at + PREDICTION_BATCH], device) for at in starts)
    outputs = network.outputs(batches).cpu().double()
    predicted: np.ndarray = (outputs[:, 0] if estimating else outputs.softmax(dim=1)).numpy()
    return predicted


def save(path: str | Path, network: Network, metadata: Mapping[str, Any]) -> None:
    """Write a model file: weights and one JSON entry.

    Parameters
    ----------
    path
        The file, ``.safetensors``.
    network
        The network, with its module on the CPU.
    metadata
        Whatever else shall be kept with the model, as JSON values.
    """
    description = {
        "classes": network.classes,
        "preprocessing": network.preprocessing,
        "settings": network.settings,
        "input_shape": list(network.input_shape),
        "metadata": dict(metadata),
    }
    # Copies, because a layer that stands under two names would be stored as one.
    state = {
        key: value.detach().clone(memory_format=torch.contiguous_format)
        for key, value in network.module.state_dict().items()
    }
    entry = {"serflow": json.dumps(description, sort_keys=True)}
    with replacing(path) as temporary:
        safetensors.torch.save_file(state, temporary, metadata=entry)


def load(
    path: str | Path, network_file: str | Path | None = None
) -> tuple[Network, dict[str, Any]]:
    """Read a model file; the network is on the CPU.

    Parameters
    ----------
    path
        The file.
    network_file
        The Python file of a network of family ``custom``. It is executed, so a model file alone
        does not choose it.

    Returns
    -------
    network : Network
    metadata : dict
        As given to `save`.

    Raises
    ------
    UserError
        If the file is not one that `save` wrote, or of a version whose network was another, or its
        network is defined by a Python file that was not given.
    """
    try:
        with safe_open(path, framework="pt") as file:
            description = _described((file.metadata() or {})["serflow"])
        state = safetensors.torch.load_file(path)
    # Whatever a file may hold that nobody of us wrote.
    except (
        *(KeyError, OSError, RecursionError, TypeError, ValueError),
        safetensors.SafetensorError,
    ) as error:
        raise UserError(
            f"{path}: not a network of SERflow; give a .safetensors file of results/*/models"
        ) from error
    settings, classes = description["settings"], description["classes"]
    shape = tuple(description["input_shape"])
    if settings["family"] == "custom":
        if network_file is None:
            raise UserError(
                f"{path}: its network is defined by {settings.get('file')}, which would be "
                "executed; give that file too"
            )
        settings = {**settings, "file": str(network_file)}
    try:
        module = registry.assemble(settings, len(classes), shape)
        module.load_state_dict(state)
    # Settings without a key of today or with another kind of value, other weights.
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise UserError(
            f"{path}: its weights do not fit the {settings['family']} of this version of SERflow; "
            "train it again"
        ) from error
    network = Network(module, classes, description["preprocessing"], settings, shape)
    return network, description["metadata"]


def _described(text: str) -> dict[str, Any]:
    """Return what a model file tells of its network; raise `ValueError` for another text."""
    description: Any = json.loads(text)
    kinds = {
        **dict.fromkeys(("preprocessing", "settings", "metadata"), dict),
        **dict.fromkeys(("classes", "input_shape"), list),
    }
    if not isinstance(description, dict) or any(
        not isinstance(description.get(key), kind) for key, kind in kinds.items()
    ):
        raise ValueError("no description of a network")
    if not isinstance(description["settings"].get("family"), str):
        raise ValueError("a network of no family")
    return description
