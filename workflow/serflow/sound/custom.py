"""Feature types that a user's own Python function makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError
from serflow.feature_types import unlike
from serflow.user_code import execute, told

WANTED = "an array of numbers, (rows, frames) or (values,), of one shape for all clips"


@dataclass
class CustomFeature:
    """One feature type of a user's.

    Attributes
    ----------
    name
        The type, as the key below `features.custom` has it.
    file, function
        The Python file, and the function in it: of samples, float32 of shape (samples,) on the
        16-bit integer scale, and the rate in Hz.
    """

    name: str
    file: str
    function: str
    _call: Callable[[NDArray[np.float32], int], Any] = field(init=False, repr=False)
    _first: tuple[str, tuple[int, ...]] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        module = execute(self.file, f"`features.custom.{self.name}.file`")
        found = getattr(module, self.function, None)
        if not callable(found):
            functions = [
                key
                for key, value in vars(module).items()
                if callable(value) and getattr(value, "__module__", None) == module.__name__
            ]
            raise UserError(
                f"{self.file}: no function {self.function!r} is in it; it has "
                f"{', '.join(functions) or 'none'}. Set `features.custom.{self.name}.function` to "
                "its name"
            )
        self._call = found

    def of(self, clip: str, samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
        """Return one clip's features, float32 of shape (rows, frames) or (values,).

        Raises
        ------
        UserError
            If the function fails, or gives something else than finite numbers in the shape that it
            gave for the first clip.
        """
        where = f"{self.file}: {self.function}"
        try:
            given = self._call(samples, rate)
        except Exception as error:
            raise UserError(f"{where} failed for clip {clip}: {told(error, self.file)}") from error
        try:
            values = np.asarray(given)
        except ValueError:  # lists of unequal length
            values = np.empty((), object)
        if values.dtype.kind not in "fiub" or values.ndim not in (1, 2) or not values.size:
            raise UserError(f"{where} gave {_what(values)} for clip {clip}, wanted is {WANTED}")
        if self._first is None:
            self._first = clip, values.shape
        before, shape = self._first
        if values.shape != shape:
            raise UserError(unlike(where, before, shape, clip, values.shape))
        with np.errstate(over="ignore"):
            narrow: NDArray[np.float32] = values.astype(np.float32)
        wrong = int(narrow.size - np.isfinite(narrow).sum())
        if wrong:
            raise UserError(
                f"{where} gave values that are not finite (NaN, infinity, or beyond 32 bits) for "
                f"clip {clip}, {wrong} of {narrow.size}; wanted are finite numbers: look at clips "
                "that are silent or very short"
            )
        return narrow


def _what(values: NDArray[Any]) -> str:
    if values.dtype.kind not in "fiub":
        return "something that is no array of numbers"
    return f"an array of shape {values.shape}"
