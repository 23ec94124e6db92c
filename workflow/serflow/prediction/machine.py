"""Asking a stored support vector machine without scikit-learn.

Importing scikit-learn and skops takes seconds, which a prediction of one recording waits for. What
they have stored is numbers (`serflow.svm.save`): these are read here as data, so that nothing in a
file is executed, and libsvm's formula is applied to them.

Chang & Lin (2011), LIBSVM: a library for support vector machines, ACM TIST 2(3), sections 4 and 7;
the votes of pairs of classes become one value a class as in `sklearn.utils.multiclass`.
"""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError

Array = NDArray[np.float64]
_BLOCK = 2**22
"""Differences between clips and support vectors that are held at once."""
_KERNELS = ("rbf", "linear", "poly", "sigmoid")


@dataclass(frozen=True, eq=False)
class StoredMachine:
    """A trained machine, read from its file.

    Attributes
    ----------
    labels
        Label names in the order of the probabilities.
    chosen, settings, extraction
        As those of `serflow.svm.TrainedSVM`.
    temperature
        Divides the decision values before the softmax.
    mean, scale
        What the features are standardised by, shape (dimensions,); None where they are not.
    classes
        The labels that were trained on.
    vectors
        Support vectors, shape (vectors, dimensions), class by class.
    coefficients
        Shape (classes - 1, vectors).
    intercepts
        Of each pair of classes.
    counts
        Support vectors of each class.
    kernel, gamma, coef0, degree
        The kernel and its constants.
    """

    labels: list[str]
    chosen: Mapping[str, Any]
    settings: Mapping[str, Any]
    extraction: Mapping[str, Any]
    temperature: float
    mean: Array | None
    scale: Array | None
    classes: list[str]
    vectors: Array
    coefficients: Array
    intercepts: Array
    counts: NDArray[np.int64]
    kernel: str
    gamma: float
    coef0: float
    degree: int

    @property
    def dimensions(self) -> int:
        """How many features it reads."""
        return int(self.vectors.shape[1])

    def probabilities(self, X: NDArray[np.floating[Any]]) -> Array:
        """Return probabilities (clips, labels) as `serflow.svm.predict` does."""
        exponents = self.decisions(X) / self.temperature
        powers = np.exp(exponents - exponents.max(axis=1, keepdims=True))
        found = np.zeros((len(X), len(self.labels)))
        places = [self.labels.index(label) for label in self.classes]
        found[:, places] = powers / powers.sum(axis=1, keepdims=True)
        return found

    def decisions(self, X: NDArray[np.floating[Any]]) -> Array:
        """Return decision values (clips, classes); `X` is of shape (clips, dimensions)."""
        pairs = self._pairs(self._standardised(X))
        if len(self.classes) == 2:
            # libsvm's positive side is the first class.
            return np.concatenate([pairs, -pairs], axis=1) / 2
        votes = np.zeros((len(X), len(self.classes)))
        sums = np.zeros_like(votes)
        for k, (i, j) in enumerate(itertools.combinations(range(len(self.classes)), 2)):
            sums[:, i] += pairs[:, k]
            sums[:, j] -= pairs[:, k]
            second = pairs[:, k] < 0
            votes[~second, i] += 1
            votes[second, j] += 1
        return np.asarray(votes + sums / (3 * (np.abs(sums) + 1)))

    def _standardised(self, X: NDArray[np.floating[Any]]) -> Array:
        if self.mean is not None and self.scale is not None:
            # In the features' own precision, as scikit-learn does.
            X = (X - self.mean.astype(X.dtype)) / self.scale.astype(X.dtype)
        return X.astype(np.float64)

    def _pairs(self, X: Array) -> Array:
        """Return the decision of each pair of classes, shape (clips, pairs)."""
        kernel = self._kernel(X)
        ends = np.cumsum(self.counts)
        of = [slice(end - count, end) for end, count in zip(ends, self.counts, strict=True)]
        pairs = [
            kernel[:, of[i]] @ self.coefficients[j - 1, of[i]]
            + kernel[:, of[j]] @ self.coefficients[i, of[j]]
            + self.intercepts[k]
            for k, (i, j) in enumerate(itertools.combinations(range(len(of)), 2))
        ]
        return np.stack(pairs, axis=1)

    def _kernel(self, X: Array) -> Array:
        """Return the kernel of each clip and support vector."""
        if self.kernel == "rbf":
            return np.asarray(np.exp(-self.gamma * self._distances(X)))
        products = X @ self.vectors.T
        if self.kernel == "linear":
            return np.asarray(products)
        inner = self.gamma * products + self.coef0
        return np.asarray(np.tanh(inner) if self.kernel == "sigmoid" else inner**self.degree)

    def _distances(self, X: Array) -> Array:
        """Return squared distances; not by products, whose differences are less exact."""
        found = np.empty((len(X), len(self.vectors)))
        block = max(1, _BLOCK // self.vectors.size)
        for at in range(0, len(X), block):
            differences = X[at : at + block, None, :] - self.vectors
            found[at : at + block] = np.einsum("cvd,cvd->cv", differences, differences)
        return found


def load(path: str | Path) -> StoredMachine:
    """Read a machine; nothing in its file is executed, whatever it holds.

    Raises
    ------
    UserError
        If it is none that `serflow.svm.save` has written.
    """
    try:
        with zipfile.ZipFile(path) as file:
            stored = _value(json.loads(file.read("schema.json")), file)
        return _machine(path, stored)
    except UserError:
        raise
    except _Unknown as error:
        raise UserError(f"{path}: not a model of SERflow, it holds {error}") from None
    except Exception as error:
        raise UserError(f"{path}: not a model of SERflow ({error}); train it again") from error


class _Unknown(Exception):
    """Something that no machine consists of."""


@dataclass(frozen=True)
class _Estimator:
    name: str
    state: dict[str, Any]


def _value(node: Any, file: zipfile.ZipFile) -> Any:
    """Return what a node of skops' format stands for, of the few kinds that a machine has."""
    name, kind = f"{node['__module__']}.{node['__class__']}", node["__loader__"]
    if kind == "JsonNode":
        return json.loads(node["content"])
    if name == "builtins.dict" and kind == "DictNode":
        return {key: _value(inner, file) for key, inner in node["content"].items()}
    if name in ("builtins.list", "builtins.tuple") and kind in ("ListNode", "TupleNode"):
        return [_value(inner, file) for inner in node["content"]]
    if name.startswith("numpy.") and kind == "NdArrayNode" and node["type"] == "numpy":
        return np.load(io.BytesIO(file.read(node["file"])), allow_pickle=False)
    if name.startswith("sklearn.") and kind == "ObjectNode":
        return _Estimator(node["__class__"], _value(node["content"], file))
    raise _Unknown(name)


def _machine(path: str | Path, stored: dict[str, Any]) -> StoredMachine:
    steps = dict(stored["pipeline"].state["steps"])
    svc = steps.pop("svc").state
    scaler = steps.pop("standardscaler").state if "standardscaler" in steps else {}
    if steps or svc["kernel"] not in _KERNELS or svc["_sparse"]:
        raise UserError(f"{path}: not a model of SERflow; train it again")
    found = StoredMachine(
        labels=stored["labels"],
        chosen=stored["chosen"],
        settings=stored["settings"],
        extraction=stored["extraction"],
        temperature=float(stored["temperature"]),
        mean=scaler.get("mean_"),
        scale=scaler.get("scale_"),
        classes=svc["classes_"].tolist(),
        vectors=np.asarray(svc["support_vectors_"], dtype=np.float64),
        coefficients=svc["_dual_coef_"],
        intercepts=svc["_intercept_"],
        counts=svc["_n_support"].astype(np.int64),
        kernel=svc["kernel"],
        gamma=float(svc["_gamma"]),
        coef0=float(svc["coef0"]),
        degree=int(svc["degree"]),
    )
    if not _fits(found):
        raise UserError(f"{path}: not a model of SERflow; train it again")
    return found


def _fits(found: StoredMachine) -> bool:
    """Return whether names are names, and the numbers are as many as a machine's."""
    classes, (vectors, dimensions) = len(found.classes), found.vectors.shape
    names = (found.chosen["features"], found.settings["scaling"], *found.labels)
    scaler = [one.shape for one in (found.mean, found.scale) if one is not None]
    return (
        all(isinstance(name, str) for name in names)
        and set(found.classes) <= set(found.labels)
        and found.coefficients.shape == (classes - 1, vectors)
        and found.intercepts.shape == (classes * (classes - 1) // 2,)
        and found.counts.shape == (classes,)
        and int(found.counts.sum()) == vectors
        and found.temperature > 0
        and all(shape == (dimensions,) for shape in scaler)
    )
