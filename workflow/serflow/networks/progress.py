"""What a training leaves in its log: how far it is, how well it does, and which epoch it keeps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from serflow.process import log

LINES = 200
"""About so many lines at most: longer trainings leave one every few epochs."""
_SIDES = {"train": "training", "validation": "validation"}
_SHORT = {"uar": "UAR", "ccc": "CCC", "pearson": "Pearson", "rmse": "RMSE"}


class Teller:
    """Tells the log of each epoch; of long trainings of some, of the last, and of each better one.

    Parameters
    ----------
    name
        Which part of a training it is; empty where there is only one.
    last
        Number of the last epoch.
    done
        Number of epochs that were done before.
    tell
        Gets each line.
    clock
        Seconds.
    """

    def __init__(
        self,
        name: str,
        last: int,
        done: int = 0,
        tell: Callable[[str], None] = log.info,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._begin = f"{name}: " if name else ""
        self._last = last
        self._step = math.ceil(last / LINES)
        self._tell, self._clock = tell, clock
        self._told, self._time = done, clock()
        if done:
            tell(f"{self._begin}going on after epoch {done}/{last}")

    def __call__(self, row: Mapping[str, Any], better: bool = False) -> None:
        """Tell of an epoch's row of the learning curve, and whether none was better so far."""
        epoch = row["epoch"]
        if epoch % self._step and epoch not in (1, self._last) and not better:
            return
        now = self._clock()
        seconds = (now - self._time) / max(epoch - self._told, 1)
        self._told, self._time = epoch, now
        best = ", the best so far" if better else ""
        cells = "; ".join(_cells(row))
        self._tell(f"{self._begin}epoch {epoch}/{self._last}{best}: {cells}; {seconds:.1f} s")

    def kept(self, epoch: int) -> None:
        """Tell whose weights are kept."""
        self._tell(f"{self._begin}the weights of epoch {epoch}/{self._last} are kept")


def _cells(row: Mapping[str, Any]) -> list[str]:
    """Write what an epoch's row says, by side: ``training loss 1.371, UAR 0.321``."""
    groups: dict[str, list[str]] = {}
    for column, cell in row.items():
        side, _, score = column.partition("_")
        if column == "epoch" or cell is None:
            continue
        if side in _SIDES:
            groups.setdefault(_SIDES[side], []).append(f"{_SHORT.get(score, score)} {cell:.3f}")
        else:
            groups[column.replace("_", " ")] = [f"{cell:.3g}"]
    return [f"{name} {', '.join(cells)}" for name, cells in groups.items()]
