"""Figures as PNG of few colours: a page holds many of them."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from serflow.figures.style import themed
from serflow.files import replacing

COLOURS = 256
"""As many as one byte a point can tell apart; the file would be three times as large with all."""


@themed
def save_small(figure: Figure, path: str | Path, dpi: int = 200) -> None:
    """Write a figure as PNG, whole or not at all; the same figure gives the same bytes."""
    drawn = io.BytesIO()
    # Raw, because a PNG in between would be packed for nothing.
    figure.savefig(drawn, format="rgba", dpi=dpi)
    # Parts of a pixel are cut off, as matplotlib does.
    size = (int(figure.get_figwidth() * dpi), int(figure.get_figheight() * dpi))
    picture = Image.frombytes("RGBA", size, drawn.getvalue()).convert("RGB")
    # Of the ways to choose the colours this one keeps the rare ones, such as the brightest of a
    # scale, which a median cut takes for the grey of the axes.
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    with replacing(path) as temporary:
        few.save(temporary, format="PNG")
