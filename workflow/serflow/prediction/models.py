"""Trained models of an earlier run: found, read, and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from serflow import network_inputs, targets
from serflow.errors import UserError
from serflow.prediction import chain
from serflow.sound.audio import Recording
from serflow.tables import read_tsv

SUFFIXES = (".skops", ".safetensors")
SPEAKER = (
    "standardises within each speaker, which takes several recordings of one speaker; give at "
    "least two recordings that are all of the same speaker, and --same-speaker"
)


class Model(Protocol):
    """One trained model."""

    classes: list[str]
    target: str | None
    extraction: Mapping[str, Any]

    def answers(self, recordings: Sequence[Recording], same_speaker: bool) -> NDArray[np.float64]:
        """Return probabilities, ``(recordings, classes)``, or estimates, ``(recordings, 1)``."""


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
    own_code: str | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        from serflow import svm

        self._svm = svm.load(self.path)
        self.classes = self._svm.labels
        self.extraction: Mapping[str, Any] = self._svm.extraction

    def answers(self, recordings: Sequence[Recording], same_speaker: bool) -> NDArray[np.float64]:
        from serflow import svm

        types = self._svm.chosen["features"]
        X = np.stack(
            [chain.feature_vector(one, types, self.extraction, self.own_code) for one in recordings]
        )
        if self._svm.settings["scaling"] == "speaker":
            _require_speaker(self.path, recordings, same_speaker)
            X = svm.standardise_speakers(X, np.full(len(X), "one"))
        return svm.predict(self._svm, X)


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
    own_code: str | None = None

    def __post_init__(self) -> None:
        from serflow.networks import modelfile

        self._network, metadata = modelfile.load(self.path, self.own_code)
        if "extraction" not in metadata:
            raise UserError(f"{self.path}: does not tell how its clips were made; train it again")
        self.classes = self._network.classes
        self.target = targets.of(self._network.settings)
        self.extraction: Mapping[str, Any] = metadata["extraction"]

    def answers(self, recordings: Sequence[Recording], same_speaker: bool) -> NDArray[np.float64]:
        from serflow.networks import modelfile
        from serflow.networks.speakers import SpeakerStandardised

        settings = self._network.settings
        clips: Any = np.stack(
            [chain.network_input(one, settings, self.extraction) for one in recordings]
        )
        if network_inputs.normalisation(settings) == "speaker":
            _require_speaker(self.path, recordings, same_speaker)
            clips = SpeakerStandardised(clips, ["one"] * len(recordings))
        found = modelfile.predict(self._network, clips)
        return found[:, None] if found.ndim == 1 else found


def _require_speaker(path: Path, recordings: Sequence[Recording], same_speaker: bool) -> None:
    if not same_speaker or len(recordings) < 2:
        raise UserError(f"{path}: {SPEAKER}")


def files(place: str | Path) -> list[Path]:
    """Return the model files that a user means.

    Parameters
    ----------
    place
        A model file; a model's folder below ``results/{corpus}/models``, for all its folds and
        seeds; or ``results/{corpus}``, for the model with the highest UAR of the evaluation.

    Raises
    ------
    UserError
        If there is no such file, or no model in the folder.
    """
    given = Path(place)
    if given.is_file():
        if given.suffix not in SUFFIXES:
            raise UserError(f"{given}: wanted is a model, {' or '.join(SUFFIXES)}, or a folder")
        return [given]
    if not given.is_dir():
        raise UserError(
            f"{given}: there is no such file or folder; wanted is results/{{corpus}}, one of the "
            "folders in results/{corpus}/models, or a file in one of these"
        )
    folder = given / "models" / best(given) if (given / "models").is_dir() else given
    found = sorted(path for path in folder.glob("fold*_seed*") if path.suffix in SUFFIXES)
    if not found:
        raise UserError(f"{folder}: no model is in it; finish the run that trains it first")
    return found


def best(results: str | Path) -> str:
    """Return the model with the highest UAR of ``results/{corpus}``.

    Raises
    ------
    UserError
        If nothing was evaluated there yet.
    """
    table = Path(results, "evaluation", "models.tsv")
    if not table.is_file():
        raise UserError(
            f"{table}: is not there, so no model is known to be the best; finish the run "
            "(`snakemake --cores 2 evaluation`), or name a folder in models/"
        )
    trained = [row for row in read_tsv(table) if row["family"] != "baseline"]
    return max(trained, key=lambda row: float(row["uar"]))["model"]


def load(paths: Sequence[Path], own_code: str | None = None) -> list[Model]:
    """Read model files that are to answer together.

    Raises
    ------
    UserError
        If a file cannot be read, or they do not recognise the same labels from clips made alike.
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
    return models
