"""The images that the 2D network sees: one of a training and one of a test clip per label."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from serflow.figures.grids import Edge, Example, example_grid
from serflow.figures.style import themed


@themed
def examples(clips: Sequence[Example]) -> Figure:
    """Draw stored images exactly as they are: row 0, the lowest mel band, at the top.

    Parameters
    ----------
    clips
        Dicts of ``label``, ``role`` (``train`` or ``test``), ``clip``, ``speaker`` and ``image``,
        an array (n_mels, frames) of uint8.

    Returns
    -------
    Figure
        Frame against image row, grey values 0 to 255.
    """

    def draw(axes: Axes, clip: Example, edge: Edge) -> None:
        axes.imshow(clip["image"], origin="upper", aspect="auto", cmap="gray", vmin=0, vmax=255)
        axes.tick_params(labelleft=edge.left, labelbottom=edge.bottom)
        axes.locator_params(axis="x", nbins=4)
        axes.locator_params(axis="y", nbins=5)
        if edge.bottom:
            axes.set_xlabel("frame (image column)")
        if edge.left:
            axes.set_ylabel("image row = mel band")

    figure, panels = example_grid(clips, draw)
    figure.colorbar(
        panels[0][1].images[0],
        ax=figure.axes,
        location="bottom",
        shrink=0.5,
        aspect=40,
        pad=0.02,
        label="grey value (0 to 255, stretched clip by clip)",
    )
    return figure
