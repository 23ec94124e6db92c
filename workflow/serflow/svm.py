"""Support vector machines on handcrafted features.

The machine is scikit-learn's `SVC` behind a scaler. What a list in the configuration leaves open
(feature type, C, kernel) is chosen by an inner cross-validation over training *speakers*.
Probabilities are the softmax of the decision values over a temperature (Guo et al. 2017) that is
fitted on the same inner folds, so they never see test speakers.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from serflow.errors import UserError
from serflow.files import replacing
from serflow.model_list import feature_alternatives
from serflow.sound.features import Features
from serflow.stored_estimators import dump, skops_io

Array = npt.NDArray[np.float64]
# What a stored model may hold beside numpy's and scikit-learn's own types: nothing.
TRUSTED: list[str] = []


@dataclass(frozen=True)
class TrainedSVM:
    """A trained machine and what is needed to use it on a new clip.

    Attributes
    ----------
    pipeline
        The scaler, if any, and the `SVC`.
    labels
        Label names in the order of the probabilities.
    chosen
        The feature type, C and kernel that were used.
    temperature
        Divides the decision values before the softmax.
    settings
        The model's slice of the configuration.
    extraction
        Dotted keys of the configuration that the features were made by, with their values.
    """

    pipeline: Pipeline
    labels: list[str]
    chosen: dict[str, Any]
    temperature: float
    settings: dict[str, Any]
    extraction: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> int:
        """Count of the fitted numbers: support vectors, their coefficients and the intercepts."""
        machine = self.pipeline[-1]
        return int(
            machine.support_vectors_.size + machine.dual_coef_.size + machine.intercept_.size
        )


@dataclass(frozen=True)
class Outcome:
    """What training gives: the model, probabilities (test clips, labels) and what they cost."""

    model: TrainedSVM
    probabilities: Array
    train_seconds: float
    predict_ms_per_clip: float
    inner_uar: dict[str, float]


def train(
    features: Mapping[str, Features],
    training: npt.NDArray[np.bool_],
    test: npt.NDArray[np.bool_],
    labels: list[str],
    settings: Mapping[str, Any],
) -> Outcome:
    """Train one machine on the training side and apply it to the test side.

    Parameters
    ----------
    features
        By alternative (``sc``, ``sc+sbw``), all over the same clips.
    training, test
        Masks over the clips. A machine needs no validation speakers of its own, so the caller
        counts them as training.
    labels
        All label names, sorted.
    settings
        The model's slice: features, C, kernel, scaling, inner_folds.

    Raises
    ------
    UserError
        If the training side has fewer than two labels, or speakers are to be standardised and not
        all are known.
    """
    start = time.perf_counter()
    alternatives = feature_alternatives(settings)
    matrices = {name: _scaled(features[name], settings["scaling"]) for name in alternatives}
    any_features = features[alternatives[0]]
    y = any_features.label
    heard = np.unique(y[training])
    if len(heard) < 2:
        raise UserError(
            "a support vector machine needs two labels to tell apart, but the training side has "
            f"only {', '.join(heard) or 'none'}; choose another `protocol`"
        )
    inner = list(_inner_folds(y, any_features.speaker, training, settings["inner_folds"]))
    grid = [
        {"features": name, "C": float(C), "kernel": kernel}
        for name, kernel, C in itertools.product(
            alternatives, _listed(settings["kernel"]), sorted(_listed(settings["C"]))
        )
    ]
    scores = {
        _key(point): _inner_scores(point, matrices, y, inner, settings, labels) for point in grid
    }
    uars = {
        key: float(np.mean([uar for uar, _, _ in folds])) for key, folds in scores.items() if folds
    }
    # max() keeps the first of equals: the earlier feature type and kernel, the smaller C.
    chosen = max(grid, key=lambda point: uars.get(_key(point), 0.0))
    temperature = _temperature(scores[_key(chosen)])
    X = matrices[chosen["features"]]
    pipeline = _machine(chosen, settings).fit(X[training], y[training])
    model = TrainedSVM(pipeline, list(labels), chosen, temperature, dict(settings))
    train_seconds = time.perf_counter() - start

    start = time.perf_counter()
    probabilities = predict(model, X[test])
    per_clip = 1000 * (time.perf_counter() - start) / max(1, int(test.sum()))
    return Outcome(model, probabilities, train_seconds, per_clip, uars if len(grid) > 1 else {})


def predict(model: TrainedSVM, X: npt.NDArray[np.floating[Any]]) -> Array:
    """Return probabilities of shape (clips, labels); a label that was not trained on has 0.

    `X` is of shape (clips, dimensions), already standardised per speaker where the model's scaling
    says so.
    """
    known = softmax(_decisions(model.pipeline, X) / model.temperature, axis=1)
    probabilities = np.zeros((len(X), len(model.labels)))
    probabilities[:, [model.labels.index(label) for label in model.pipeline.classes_]] = known
    return probabilities


def save(path: str | Path, model: TrainedSVM) -> None:
    """Store a model without pickle, with label names, preprocessing and configuration inside."""
    with replacing(path) as temporary:
        dump(dict(vars(model)), temporary)


def load(path: str | Path) -> TrainedSVM:
    """Load a model; a file with any type beyond numpy's and scikit-learn's is refused unread."""
    try:
        untrusted = skops_io.get_untrusted_types(file=path)
        if untrusted:
            raise UserError(
                f"{path}: not a model of SERflow, it holds {', '.join(sorted(untrusted))}"
            )
        stored = skops_io.load(path, trusted=TRUSTED)
        return TrainedSVM(**stored)
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{path}: not a model of SERflow ({error}); train it again") from error


def standardise_speakers(
    X: npt.NDArray[np.floating[Any]], speaker: npt.NDArray[np.str_]
) -> npt.NDArray[np.floating[Any]]:
    """Standardise each feature within each speaker, without labels; constant features become 0."""
    scaled = np.empty_like(X)
    for name in np.unique(speaker):
        own = X[speaker == name].astype(np.float64)
        # Not by the deviation: of equal numbers it need not come out as zero.
        varies = (own != own[0]).any(axis=0)
        deviation = np.where(varies, own.std(axis=0), 1)
        scaled[speaker == name] = np.where(varies, (own - own.mean(axis=0)) / deviation, 0)
    return scaled


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _key(point: Mapping[str, Any]) -> str:
    return f"{point['features']}, {point['kernel']}, C={point['C']:g}"


def _scaled(features: Features, scaling: str) -> npt.NDArray[np.floating[Any]]:
    if scaling != "speaker":
        return features.X
    if (features.speaker == "").any():
        raise UserError("`scaling: speaker` needs the speakers, but the corpus does not tell them")
    return standardise_speakers(features.X, features.speaker)


def _machine(point: Mapping[str, Any], settings: Mapping[str, Any]) -> Pipeline:
    # break_ties: the predicted label is then the one with the largest decision value, so that it
    # is also the one with the largest probability.
    machine = SVC(C=point["C"], kernel=point["kernel"], break_ties=True)
    scaler = [StandardScaler()] if settings["scaling"] == "standard" else []
    return make_pipeline(*scaler, machine)


def _inner_folds(
    y: npt.NDArray[np.str_],
    speaker: npt.NDArray[np.str_],
    training: npt.NDArray[np.bool_],
    folds: int,
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Yield inner (fit, check) indices: by speakers, or by clips where less than two are known."""
    inside = np.flatnonzero(training)
    speakers = len(np.unique(speaker[inside]))
    smallest = int(np.unique(y[inside], return_counts=True)[1].min())
    if speakers > 1:
        pairs = GroupKFold(min(folds, speakers)).split(inside, y[inside], speaker[inside])
    elif smallest > 1:
        splitter = StratifiedKFold(min(folds, smallest), shuffle=True, random_state=0)
        pairs = splitter.split(inside, y[inside])
    else:
        return
    for fit, check in pairs:
        if len(np.unique(y[inside[fit]])) > 1:
            yield inside[fit], inside[check]


def _inner_scores(
    point: Mapping[str, Any],
    matrices: Mapping[str, npt.NDArray[np.floating[Any]]],
    y: npt.NDArray[np.str_],
    inner: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]],
    settings: Mapping[str, Any],
    labels: list[str],
) -> list[tuple[float, Array, npt.NDArray[np.intp]]]:
    """Return for each inner fold: UAR, decision values (clips, labels) and the labels' indices."""
    scores = []
    X = matrices[point["features"]]
    for fit, check in inner:
        pipeline = _machine(point, settings).fit(X[fit], y[fit])
        decisions = np.full((len(check), len(labels)), -np.inf)
        columns = [labels.index(label) for label in pipeline.classes_]
        decisions[:, columns] = _decisions(pipeline, X[check])
        truth = np.array([labels.index(label) for label in y[check]])
        present = np.unique(truth)
        recalls = [(decisions[truth == k].argmax(axis=1) == k).mean() for k in present]
        scores.append((float(np.mean(recalls)), decisions, truth))
    return scores


def _decisions(pipeline: Pipeline, X: npt.NDArray[np.floating[Any]]) -> Array:
    """Return decision values (clips, classes); of two classes the machine gives one column."""
    values: Array = pipeline.decision_function(X)
    return np.stack([-values / 2, values / 2], axis=1) if values.ndim == 1 else values


def _temperature(scores: list[tuple[float, Array, npt.NDArray[np.intp]]]) -> float:
    """Return the temperature that makes the inner folds' labels likeliest; without folds 1."""
    if not scores:
        return 1.0
    decisions = np.concatenate([d for _, d, _ in scores])
    truth = np.concatenate([t for _, _, t in scores])
    # A clip of a label that an inner fold never saw has no finite likelihood at any temperature.
    usable = np.isfinite(decisions[np.arange(len(truth)), truth])
    if not usable.any():
        return 1.0
    decisions, truth = decisions[usable], truth[usable]

    def loss(log_temperature: float) -> float:
        likelihood = log_softmax(decisions / np.exp(log_temperature), axis=1)
        return float(-likelihood[np.arange(len(truth)), truth].mean())

    found = minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded")
    return float(np.exp(found.x))
