"""The random-split premium: which models are trained once more under random folds, and as what.

A premium is what a model scores more where its test voices were heard in training. Imports the
standard library only: the Snakefile calls this module while it is parsed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

SUFFIX = ".random"
"""What the name of such a training has more than the model's."""


def training_name(model: str) -> str:
    """Return what the files of a model's trainings under random folds are called."""
    return model + SUFFIX


def random_folds(protocol: Mapping[str, Any], folds: int) -> dict[str, Any]:
    """Return the `protocol` block of random folds that go beside those of `protocol`.

    As many folds, the same share for validation and the same seed; clips are dealt whoever speaks.
    """
    return {
        "type": "random",
        "folds": folds,
        "validation": protocol["validation"],
        "seed": protocol["seed"],
        "allow_speaker_overlap": True,
    }


def mistakes(
    protocol: Mapping[str, Any],
    configured: Collection[str],
    models: Collection[str],
    folds: int,
) -> Iterator[str]:
    """Yield in words what cannot be done.

    Parameters
    ----------
    protocol
        The completed block of the configuration.
    configured
        Names of the models as the configuration has them.
    models
        Names of the models, variants spelled out.
    folds
        Number of folds of the protocol.
    """
    for name in configured:
        if name.endswith(SUFFIX):
            yield (
                f"`models.{name}`: names that end in {SUFFIX} are kept for the trainings of "
                "`protocol.random_premium`; rename the model"
            )
    named = protocol["random_premium"]
    for name in named:
        if name not in models:
            near = get_close_matches(name, models, n=1, cutoff=0.4)
            nearest = f"the nearest is {near[0]}; " if near else ""
            yield (
                f"`protocol.random_premium`: there is no model {name}; {nearest}known are "
                f"{', '.join(models)}"
            )
    if not named:
        return
    if protocol["type"] == "random":
        yield (
            "`protocol.random_premium`: models are named, but `protocol.type` is random already, "
            "so there is nothing to compare with; choose a type that splits by speaker, or name "
            "none"
        )
    elif folds < 2:
        yield (
            "`protocol.random_premium`: models are named, but the protocol has one fold and random "
            "folds are at least two; choose group-k-fold or loso as `protocol.type`, or name none"
        )
