"""Images that a generator makes beside recorded ones."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
from matplotlib.figure import Figure

from serflow.figures.style import WIDTH, themed

ACROSS = 8
MOST = 16
PANEL = 0.8
"""Width of an image in inches."""

Images = npt.NDArray[Any]


@themed
def plot(recorded: Images, generated: Images) -> Figure:
    """Draw some of both, stored grey values as they are, with the lowest band at the bottom.

    Parameters
    ----------
    recorded, generated
        uint8 ``(images, height, width)``, row 0 the lowest band.
    """
    height, width = generated.shape[1:]
    # Long clips are wide and short ones tall: within limits, so that the page holds them.
    tall = PANEL * min(max(height / width, 0.5), 1.5)
    per_group = -(-min(MOST, len(generated)) // ACROSS)
    figure = Figure(figsize=(WIDTH, 2 * per_group * tall + 0.9), layout="constrained")
    groups = {"recorded (training clips)": recorded, "made by the generator": generated}
    parts = figure.subfigures(len(groups), 1, squeeze=False).flat
    for part, (title, images) in zip(parts, groups.items(), strict=True):
        part.suptitle(title, weight="bold", size=9)
        panels = part.subplots(per_group, ACROSS, squeeze=False)
        for place, axes in enumerate(panels.flat):
            axes.set_axis_off()
            if place < len(images):
                axes.imshow(
                    images[place], origin="lower", aspect="auto", cmap="gray", vmin=0, vmax=255
                )
    return figure
