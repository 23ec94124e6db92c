"""Colours that stay the same for a model everywhere and are told apart by colour-blind readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

MUTED = "#666666"

# Blue, vermilion and orange of Okabe & Ito (2008), and five colours that a search found for the
# greatest smallest distance (Oklab) as seen with normal sight and, by Machado et al. (2009),
# without red, green or blue cones; each has a contrast of 2 or more to white and to a dark page.
PALETTE = (
    "#0072B2",
    "#D55E00",
    "#33B8A3",
    "#A33D70",
    "#E69F00",
    "#AD99F5",
    "#145C29",
    "#991FFF",
)

# What is mixed into the colours as they come again, chosen for thirty models.
SHADES = (("#000000", 0.0), ("#000000", 0.35), ("#ffffff", 0.45), ("#000000", 0.65))


def mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` (0 to 1) of `other` mixed in, as ``#rrggbb``."""
    channels = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in channels)


def palette(names: Iterable[str], variants: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give each model its colour, the same in every figure and table of one report.

    From the ninth model on the colours come again in other shades, and variants are tints: no
    figure tells models apart by colour alone.

    Parameters
    ----------
    names
        All models of the report. Their order does not matter.
    variants
        For an augmentation variant, the name of its base model, of whose colour it gets a tint.

    Returns
    -------
    dict
        ``#rrggbb`` by name.
    """
    variants = variants or {}
    names = sorted(set(names))
    bases = sorted({variants.get(name, name) for name in names})
    own = {}
    for index, base in enumerate(bases):
        turn, place = divmod(index, len(PALETTE))
        round_, shade = divmod(turn, len(SHADES))
        shaded = mixed(PALETTE[place], *SHADES[shade])
        own[base] = mixed(shaded, "#000000", 1 - 0.7**round_)
    colours = {}
    for base in bases:
        tinted = [name for name in names if variants.get(name, name) == base and name != base]
        for index, name in enumerate(tinted):
            colours[name] = mixed(own[base], "#ffffff", 0.15 + 0.5 * index / max(len(tinted), 1))
    return {name: colours.get(name, own.get(name, MUTED)) for name in names}


def readable_on(colour: Sequence[float]) -> str:
    """Return black or white, whichever is read more easily on `colour` (RGB or RGBA, 0 to 1).

    Contrast is WCAG 2's ratio of relative luminances.
    """

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in colour[:3])
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"
