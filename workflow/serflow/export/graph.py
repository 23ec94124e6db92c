"""A network as an ONNX graph: normalisation, members and the scale of the answers inside."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from serflow import targets
from serflow.errors import UserError
from serflow.export.packages import missing
from serflow.networks import normalisation
from serflow.networks.modelfile import Network

try:
    import onnx
except ImportError as error:
    raise missing(error) from error

OPSET = 17
"""Version of the operators: onnxruntime knows it since 1.12 (2022), and other runtimes too."""
INPUT = "clips"
PROBABILITIES = "probabilities"
ESTIMATES = "estimates"
TRACED_CLIPS = 2
"""Not one: an axis of one clip would be taken for one that can be left out."""


class Whole(nn.Module):
    """A network from raw clips to what is said of them.

    Parameters
    ----------
    network
        The network. With ``normalisation: speaker`` it takes clips that are standardised already,
        because that takes all clips of a speaker.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.module = network.module
        self.preprocessing = network.preprocessing
        self.estimating = targets.of(network.settings) is not None

    def forward(self, clips: Tensor) -> Tensor:
        """Map clips ``(clips, …)`` to probabilities ``(clips, labels)``, or estimates ``(clips,)``.

        Estimates are in the unit of the column that they are of.
        """
        outputs: Tensor = self.module(normalisation.apply(clips, self.preprocessing))
        return outputs[:, 0] if self.estimating else outputs.softmax(dim=1)


def output_name(settings: Mapping[str, Any]) -> str:
    """Return what the graph's output is called."""
    return PROBABILITIES if targets.of(settings) is None else ESTIMATES


def graph(network: Network, about: Mapping[str, Any]) -> bytes:
    """Return a network as an ONNX file, the same bytes for the same network.

    The input ``clips`` is float32 ``(clips, …)``, with raw clips of the network's `input_shape`, as
    its arrays hold them; the number of clips is free. The output is float32: ``probabilities``,
    ``(clips, labels)``, or ``estimates``, ``(clips,)``.

    Parameters
    ----------
    network
        The network, on the CPU.
    about
        What the file tells of itself, as JSON values by name.

    Raises
    ------
    UserError
        If ONNX has no way to say what the network does.
    """
    whole = Whole(network).eval()
    example = torch.zeros(TRACED_CLIPS, *network.input_shape)
    traced = io.BytesIO()
    output = output_name(network.settings)
    try:
        # It warns of its successor, which takes fifty times as long for the same graph (see
        # docs/decisions.md), and of sides that become constants, as all but the first should.
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                whole,
                (example,),
                traced,  # type: ignore[arg-type]  # this exporter writes into memory too
                dynamo=False,
                opset_version=OPSET,
                input_names=[INPUT],
                output_names=[output],
                dynamic_axes={INPUT: {0: "clips"}, output: {0: "clips"}},
            )
    # Whatever a network of the user's own may do.
    except Exception as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise UserError(
            f"this {network.settings['family']} cannot be written as ONNX: {first}. What its "
            "`forward` does has to consist of torch's own operations on tensors, whatever the "
            "number of clips"
        ) from error
    model = onnx.load_from_string(traced.getvalue())
    model.doc_string = "Speech emotion recognition; its metadata tell labels, settings and licence."
    told = {key: _text(about[key]) for key in sorted(about)}
    onnx.helper.set_model_props(model, told)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
