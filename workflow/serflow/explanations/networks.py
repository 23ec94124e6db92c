"""What spoke for a network's answers in the test clips that it was surest of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.explanations import attributions
from serflow.explanations.telling import rival
from serflow.networks.modelfile import Network


@dataclass(frozen=True, eq=False)
class Explanation:
    """What spoke for a network's answers.

    Attributes
    ----------
    clips
        Of each clip `clip`, `label`, `predicted`, `rival` and `probability`, of what it predicted.
    inputs, values
        What the network read, before its own normalisation, and what each point of it spoke for the
        label said rather than the rival; ``(clips, …)``.
    gap
        How far the values' sums are off at most, see `attributions.Attributions.gap`.
    untrained
        How alike they are to those of a network that has learned nothing, see
        `attributions.likeness`.
    """

    clips: list[dict[str, Any]]
    inputs: NDArray[np.generic]
    values: NDArray[np.float64]
    gap: float
    untrained: float

    @property
    def facts(self) -> dict[str, Any]:
        """What the report tells of it."""
        return {
            "clips": self.clips,
            "gap": round(self.gap, 6),
            "untrained": round(self.untrained, 3),
        }

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The clips as `serflow.figures.explanation.plot` takes them."""
        return [
            {**clip, "input": np.asarray(raw, np.float64), "attributions": values}
            for clip, raw, values in zip(self.clips, self.inputs, self.values, strict=True)
        ]


def explain(
    network: Network, inputs: NDArray[np.generic], rows: Sequence[Mapping[str, str]]
) -> Explanation:
    """Explain a network's answers by integrated gradients.

    Parameters
    ----------
    network
        On the CPU.
    inputs
        Raw clips, ``(clips, …)`` of its ``input_shape``.
    rows
        Of each clip the row of the prediction table.

    Raises
    ------
    UserError
        If a network of the user's own has no gradient.
    """
    labels = [network.classes.index(row["predicted"]) for row in rows]
    rivals = [network.classes.index(rival(row)) for row in rows]
    found, blank = (
        attributions.integrated_gradients(one, inputs, labels, rivals)
        for one in (network, attributions.untrained(network))
    )
    return Explanation(
        clips=[
            {
                **{key: row[key] for key in ("clip", "label", "predicted")},
                "rival": rival(row),
                "probability": float(row[f"p_{row['predicted']}"]),
            }
            for row in rows
        ],
        inputs=inputs,
        values=found.values,
        gap=found.gap,
        untrained=attributions.likeness(found.values, blank.values),
    )
