"""Figures in SVG made smaller for a page, which holds all of them; what is seen stays the same."""

from __future__ import annotations

import re

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BREAK = re.compile(r"\s*\n\s*")
# The factors of a scale are small themselves; all other numbers are points or parts of them.
NUMBER = re.compile(r"(\b(?:scale|matrix)\([^)]*\))|(-?\d+\.\d\d)\d+")


def small(svg: str) -> str:
    """Return a figure without comments and line breaks, its numbers cut to two decimals.

    Parameters
    ----------
    svg
        Of matplotlib or Graphviz, whose unit is the point: a hundredth of one is never seen.

    Examples
    --------
    >>> small('<g transform="translate(1.23456 7) scale(0.015625)">\\n <!-- x -->\\n</g>')
    '<g transform="translate(1.23 7) scale(0.015625)"> </g>'
    """
    whole = BREAK.sub(" ", COMMENT.sub("", svg))
    return NUMBER.sub(lambda found: found[1] or found[2], whole)
