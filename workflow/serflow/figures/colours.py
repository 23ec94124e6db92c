"""Colours that stay the same for a model everywhere and are told apart by colour-blind readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

MUTED = "#666666"

# Okabe & Ito (2008) without black and yellow, continued by the darker of Tol's "muted" colours.
PALETTE = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#332288",
    "#999933",
    "#882255",
    "#44AA99",
)


def mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` (0 to 1) of `other` mixed in, as ``#rrggbb``."""
    channels = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in channels)


def palette(names: Iterable[str], variants: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give each model its colour, the same in every figure and table of one report.

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
        own[base] = mixed(PALETTE[place], "#000000", 1 - 0.7**turn)
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
