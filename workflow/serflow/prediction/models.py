"""Trained models of an earlier run: read and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from serflow import network_inputs, targets
from serflow.errors import UserError
from serflow.prediction import chain, extraction
from serflow.sound.audio import Recording

SPEAKER = (
    "standardises within each speaker, which takes several recordings of one speaker; give at "
    "least two recordings that are all of the same speaker, and --same-speaker "
    "(`predict.same_speaker`: true), or name another model"
)


OwnCode: TypeAlias = str | Mapping[str, str] | None
"""Python file of a user's own code, which is executed; by feature type where there are several."""


class Model(Protocol):
    """One trained model.

    Attributes
    ----------
    path
        Its file.
    classes
        The labels that it recognises, or the one name of its `target`.
    target
        What it estimates; None where it recognises labels.
    settings, extraction
        What of the configuration it and its inputs were made by.
    by_speaker
        Whether it standardises within each speaker, so that it has to hear all recordings at once.
    reads
        What it reads, and of which size: models that answer together and have this in common read
        the same of a window.
    """

    path: Path
    classes: list[str]
    target: str | None
    settings: Mapping[str, Any]
    extraction: Mapping[str, Any]
    by_speaker: bool
    reads: str

    def inputs(self, windows: Sequence[Recording], name: str) -> NDArray[Any]:
        """Return what the model reads of windows of the recording `name`, ``(windows, …)``."""

    def answers(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, ``(windows, classes)``, or estimates, ``(windows, 1)``.

        `inputs` are those of one speaker where the model standardises within speakers.
        """


@dataclass
class Machine:
    """A support vector machine.

    Attributes
    ----------
    path
        Its file.
    own_code
        The Python file of a feature type of the user's own, or None.
    """

    path: Path
    own_code: OwnCode = None
    target: str | None = None

    def __post_init__(self) -> None:
        from serflow.prediction import machine

        self._svm = machine.load(self.path)
        self._types: str = self._svm.chosen["features"]
        self.classes = self._svm.labels
        self.settings: Mapping[str, Any] = self._svm.settings
        wanted = extraction.feature_keys(self._types)
        self.extraction = extraction.checked(self.path, self._svm.extraction, wanted)
        self.by_speaker = self.settings["scaling"] == "speaker"
        self.reads = f"{self._types} {self._svm.dimensions}"
        # Once, because the file is executed.
        self._own = chain.own_features(self._types, self.extraction, self.own_code)

    def inputs(self, windows: Sequence[Recording], name: str) -> NDArray[Any]:
        trained = self._svm.dimensions
        rows = []
        for one in windows:
            row = chain.feature_vector(one, self._types, self.extraction, self._own, name)
            if row.size != trained:
                raise UserError(
                    f"its features {self._types} are {row.size} numbers, but {self.path} was "
                    f"trained on {trained}; give the code that it was trained with"
                )
            rows.append(row)
        return np.stack(rows)

    def answers(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        if self.by_speaker:
            from serflow import svm

            inputs = svm.standardise_speakers(inputs, np.full(len(inputs), "one"))
        return self._svm.probabilities(inputs)


@dataclass
class Net:
    """A network.

    Attributes
    ----------
    path
        Its file.
    own_code
        The Python file of a network of the user's own, or None.
    """

    path: Path
    own_code: OwnCode = None

    def __post_init__(self) -> None:
        from serflow.networks import modelfile

        own_code = self.own_code if isinstance(self.own_code, str) else None
        self._network, metadata = modelfile.load(self.path, own_code)
        self.classes = self._network.classes
        self.settings: Mapping[str, Any] = self._network.settings
        self.target = targets.of(self.settings)
        wanted = extraction.network_keys(self.settings)
        self.extraction = extraction.checked(self.path, metadata.get("extraction"), wanted)
        self.by_speaker = network_inputs.normalisation(self.settings) == "speaker"
        self.reads = str(self._network.input_shape)

    def inputs(self, windows: Sequence[Recording], name: str) -> NDArray[Any]:
        clips: NDArray[Any] = np.stack(
            [chain.network_input(one, self.settings, self.extraction) for one in windows]
        )
        trained = self._network.input_shape
        if clips.shape[1:] != trained:
            raise UserError(
                f"at {windows[0].rate} Hz it is an input of shape {clips.shape[1:]}, but "
                f"{self.path} was trained on {trained}; convert it to the sampling rate of the "
                "recordings that the model was trained on"
            )
        return clips

    def answers(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        from serflow.networks import modelfile
        from serflow.networks.speakers import SpeakerStandardised

        clips: Any = inputs
        if self.by_speaker:
            clips = SpeakerStandardised(inputs, ["one"] * len(inputs))
        found = modelfile.predict(self._network, clips)
        return found[:, None] if found.ndim == 1 else found


def require_speaker(models: Sequence[Model], recordings: int, same_speaker: bool) -> None:
    """Raise `UserError` if a model needs more recordings of one speaker than there are."""
    for model in models:
        if model.by_speaker and (not same_speaker or recordings < 2):
            raise UserError(f"{model.path}: {SPEAKER}")


def load(paths: Sequence[Path], own_code: OwnCode = None) -> list[Model]:
    """Read model files that are to answer together.

    Raises
    ------
    UserError
        If a file cannot be read, or they do not recognise the same labels, were not trained by
        the same settings, or hear clips that were made in other ways.
    """
    models: list[Model] = [
        Machine(path, own_code) if path.suffix == ".skops" else Net(path, own_code)
        for path in paths
    ]
    first = models[0]
    for path, model in zip(paths, models, strict=True):
        if (model.classes, model.target) != (first.classes, first.target):
            raise UserError(
                f"{path}: recognises {', '.join(model.classes)}, but {paths[0]} recognises "
                f"{', '.join(first.classes)}; give models of one run"
            )
        mine, others = _made_by(model), _made_by(first)
        unlike = [key for key in {**others, **mine} if mine.get(key) != others.get(key)]
        if unlike:
            key = unlike[0]
            raise UserError(
                f"{path}: was trained with {key} {mine.get(key)!r}, but {paths[0]} with "
                f"{others.get(key)!r}, so they are of different runs; finish the last one "
                "(`snakemake --cores 2 report`), or give files of one"
            )
    return models


def _made_by(model: Model) -> dict[str, Any]:
    """Return all that has to be the same of models that answer together."""
    return {**model.settings, **model.extraction}
