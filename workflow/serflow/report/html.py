"""The report as one HTML file that needs nothing beside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from serflow.errors import UserError

MEDIA = {".svg": "image/svg+xml", ".png": "image/png"}


def render(content: Mapping[str, Any], template: str | Path) -> str:
    """Return the report's page.

    Parameters
    ----------
    content
        Of `serflow.report.content.assemble`. Its strings are escaped, whatever they hold.
    template
        The Jinja template.

    Returns
    -------
    str
        HTML with styles inline and pictures as data URIs; nothing in it is fetched from anywhere.
    """
    template = Path(template)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["data_uri"] = data_uri
    environment.filters["joints"] = joints
    return environment.get_template(template.name).render(content)


def data_uri(path: str | Path) -> str:
    """Return a picture's file (SVG or PNG) as a data URI."""
    path = Path(path)
    media = MEDIA.get(path.suffix.lower())
    if media is None:
        raise UserError(
            f"{path}: the report embeds {' and '.join(MEDIA)} files only; save the figure as one "
            "of them"
        )
    return f"data:{media};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def joints(text: str) -> Markup:
    """Escape `text` and let a browser break a long name after a joint such as ``_`` or ``+``."""
    parts = re.split(r"(?<=[_+/])", text)
    return Markup("<wbr>").join(escape(part) for part in parts)
