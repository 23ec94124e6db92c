"""The files that a page's template takes in, without rendering it.

Imports nothing heavy: the rules call this module while they are read.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

VEGA = "vega"
"""The one script that is no file but a package's."""
_TAKEN = re.compile(
    r"""\{%[-+]?\s*(?:extends|include|import|from)\s+(?P<template>\S+)
    |\bscript\(\s*(?P<script>[^\s,)]+)""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def page_files(template: str | Path) -> list[Path]:
    """Return a template and all files that it takes in, directly or through others, sorted.

    Parameters
    ----------
    template
        A Jinja template. Others are named as from its folder, and scripts as from its subfolder
        ``page``, see `serflow.report.html.render`.

    Raises
    ------
    ValueError
        If one is named by something else than a text in double quotes, which only rendering tells.
    """
    template = Path(template)
    scripts = template.parent / "page"
    found: set[Path] = set()
    waiting = [template]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for taken in _TAKEN.finditer(_COMMENT.sub("", path.read_text(encoding="utf-8"))):
            name = taken["template"] or taken["script"]
            if not re.fullmatch(r'"[^"]+"', name):
                raise ValueError(f"{path}: {taken[0]!r} does not name a file in double quotes")
            name = name.strip('"')
            if taken["template"]:
                waiting.append(template.parent / name)
            elif name != VEGA:
                # A script is taken as it is: nothing in it is a template's. Links on the way to the
                # project stay, so that all files are sorted alike by whatever way it is called.
                found.add(Path(os.path.normpath(scripts / name)))
    return sorted(found)
