"""Figures as PNG of few colours: a page holds many of them."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from serflow.figures.style import themed
from serflow.files import replacing

COLOURS = 192
"""More are not told apart in these figures, and the file would be three times as large."""


@themed
def save_small(figure: Figure, path: str | Path, dpi: int = 200) -> None:
    """Write a figure as PNG, whole or not at all; the same figure gives the same bytes."""
    drawn = io.BytesIO()
    # Raw, because a PNG in between would be packed for nothing.
    figure.savefig(drawn, format="rgba", dpi=dpi)
    size = (round(figure.get_figwidth() * dpi), round(figure.get_figheight() * dpi))
    picture = Image.frombytes("RGBA", size, drawn.getvalue()).convert("RGB")
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    with replacing(path) as temporary:
        few.save(temporary, format="PNG")
