"""What all figures share: fonts, sizes, and how a figure becomes a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.figure import Figure

from serflow.characters import cleaned
from serflow.figures.colours import MUTED
from serflow.files import replacing

P = ParamSpec("P")
R = TypeVar("R")

# The text width of the printed report (A4 less two margins of 2 cm): letters keep their size.
WIDTH = 6.7
INK = "#222222"
GRID = "#dddddd"

RC: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
    "axes.titlesize": 9.0,
    "axes.labelsize": 8.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "text.color": INK,
    # A label such as "a$b$" is a name and never a formula.
    "text.parse_math": False,
    "savefig.dpi": 200,
    "figure.facecolor": "white",
    # Glyphs as outlines: the same picture on every machine, whatever fonts it has.
    "svg.fonttype": "path",
    "svg.hashsalt": "serflow",
    "pdf.fonttype": 42,
}


def themed(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` under the settings of `RC` and leave matplotlib's own as they were."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(RC):
            return function(*args, **kwargs)

    return wrapper


@themed
def save(figure: Figure, path: str | Path) -> None:
    """Write `figure` as SVG, PNG or PDF by the suffix of `path`, whole or not at all.

    The same figure gives the same bytes: ids in SVG are salted and no time of writing is kept.
    """
    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with replacing(path) as temporary:
        figure.savefig(temporary, metadata=undated.get(Path(path).suffix.lower()))
        if temporary.suffix.lower() == ".svg":
            # Texts stand beside their outlines, in comments, with what XML does not allow.
            drawn = temporary.read_bytes().decode("utf-8")
            temporary.write_bytes(cleaned(drawn).encode("utf-8"))


def shortened(name: str, most: int) -> str:
    """Return `name` in at most `most` characters, an ellipsis in its middle where it is longer."""
    if len(name) <= most:
        return name
    head = (most - 1) // 2
    tail = most - 1 - head
    return name[:head] + "…" + name[len(name) - tail :]
