"""Colours of labels on a page: told apart by colour-blind readers, seen on light and dark paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serflow.figures.colours import PALETTE, mixed

LIGHT, DARK = "#ffffff", "#1a212a"
"""The paper of a page in its two themes."""
CONTRAST = 3.0
"""Of a line to the paper at least, by WCAG 2.2, success criterion 1.4.11."""
DASHES = ("", "7 3", "2 2", "9 3 2 3")
"""Lines that have to be told apart without colour."""


@dataclass(frozen=True)
class Look:
    """How a label's line is drawn: colours on light and on dark paper, and its dashes."""

    light: str
    dark: str
    dash: str


def looks(count: int) -> list[Look]:
    """Return so many looks, all of them different up to thirty-two."""
    found = []
    for number in range(count):
        turn, place = divmod(number, len(PALETTE))
        dash = DASHES[(number + turn) % len(DASHES)]
        light, dark = (seen_on(PALETTE[place], paper) for paper in (LIGHT, DARK))
        found.append(Look(light, dark, dash))
    return found


def seen_on(colour: str, paper: str) -> str:
    """Return `colour`, darker on light paper or lighter on dark paper as far as contrast asks."""
    ink = "#000000" if luminance(paper) > 0.5 else "#ffffff"
    shares = [share / 20 for share in range(21)]
    mixtures: Sequence[str] = [mixed(colour, ink, share) for share in shares]
    return next(one for one in mixtures if contrast(one, paper) >= CONTRAST)


def contrast(one: str, two: str) -> float:
    """Return WCAG's contrast of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance of ``#rrggbb``, from 0 to 1."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
